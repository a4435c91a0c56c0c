package dev.ringfence.agent;

import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.SetContent;
import dev.ringfence.nftables.table.TableContent;

/// How much there is in a node's tables, and about how much of the kernel's memory that takes.
record KernelSize(int chains, int rules, int sets, long members, long bytes) {
  static final KernelSize NOTHING = new KernelSize(0, 0, 0, 0, 0);

  private static final int CHAIN = 1024;
  private static final int RULE = 512;
  private static final int SET = 1024;

  /// A hash's bucket, and what an element holds beside its key.
  private static final int ELEMENT = 48;

  /// A range is two elements of a tree.
  private static final int RANGE = 2 * 64;

  static KernelSize of(NodeTable table) {
    return NOTHING.and(table.policy()).and(table.guard());
  }

  private KernelSize and(TableContent table) {
    int newRules = table.chains().values().stream().mapToInt(one -> one.rules().size()).sum();
    long newMembers = 0;
    long newBytes = 0;
    for (SetContent set : table.sets().values()) {
      newMembers += set.members().count();
      newBytes += SET + set.members().count() * element(set.set());
    }
    int newChains = table.chains().size();
    return new KernelSize(
        chains + newChains,
        rules + newRules,
        sets + table.sets().size(),
        members + newMembers,
        bytes + newBytes + (long) newChains * CHAIN + (long) newRules * RULE);
  }

  private static long element(NftSet set) {
    int key = set.key().stream().mapToInt(KeyType::length).sum();
    return set.interval() ? RANGE + 2L * key : ELEMENT + key;
  }
}
