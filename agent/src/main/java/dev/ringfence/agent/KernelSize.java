package dev.ringfence.agent;

import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.SetContent;
import dev.ringfence.nftables.table.TableContent;

/// How much there is in a node's tables, and about how much of the kernel's memory that takes.
record KernelSize(int chains, int rules, int sets, long members, long bytes) {
  static final KernelSize NOTHING = new KernelSize(0, 0, 0, 0, 0);

  // Measured on Linux 6.18, x86-64, as growth of the kernel's slabs and of its vmalloc area.
  private static final int CHAIN = 256;
  private static final int RULE = 448;
  private static final int SET = 1088;

  /// An element of a hash, whether its key is an IPv4 or an IPv6 address.
  private static final int ELEMENT = 72;

  /// One end of a range in a tree; both are elements.
  private static final int END_OF_RANGE = 80;

  private static final int BUCKET = 10;

  static KernelSize of(NodeTable table) {
    return NOTHING.and(table.policy()).and(table.guard());
  }

  private KernelSize and(TableContent table) {
    int newRules = table.chains().values().stream().mapToInt(one -> one.rules().size()).sum();
    long newMembers = 0;
    long newBytes = 0;
    for (SetContent set : table.sets().values()) {
      newMembers += set.members().count();
      newBytes += SET + buckets(set.set()) + elements(set);
    }
    int newChains = table.chains().size();
    return new KernelSize(
        chains + newChains,
        rules + newRules,
        sets + table.sets().size(),
        members + newMembers,
        bytes + newBytes + (long) newChains * CHAIN + (long) newRules * RULE);
  }

  private static long elements(SetContent set) {
    return (long) set.members().count() * (set.set().interval() ? END_OF_RANGE : ELEMENT);
  }

  /// A hash of a declared size is made with so many buckets, a power of two.
  private static long buckets(NftSet set) {
    if (set.size().isEmpty() || set.interval()) {
      return 0;
    }
    long wanted = set.size().getAsInt() * 4L / 3;
    return BUCKET * Math.max(1, Long.highestOneBit(2 * wanted - 1));
  }
}
