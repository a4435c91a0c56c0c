package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftTable;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Everything programmed on one node: the policy's table and the guards'. Immutable.
public record NodeTable(TableContent policy, TableContent guard) {
  /// What our tables say of themselves; another layout is replaced whole.
  static final String LAYOUT = "ringfence layout 1";

  static NodeTable empty(boolean owned) {
    return new NodeTable(
        TableContent.empty(new NftTable(Names.POLICY, owned, owned, LAYOUT)),
        TableContent.empty(new NftTable(Names.GUARD, owned, owned, LAYOUT)));
  }

  static NodeTable of(
      NodePolicy policy,
      GuardTable guard,
      Optional<Memory> memory,
      DataplaneOptions options,
      long generation,
      NodeTable before,
      Renderings renderings) {
    TableContent policyTable =
        PolicyTable.of(
            before.policy.table(), policy, memory, options, generation, before.policy, renderings);
    TableContent guardTable = guard.content(before.guard.table(), renderings);
    return new NodeTable(policyTable, guardTable);
  }

  /// Which generation this is, modulo 2^32; empty where it does not say.
  public OptionalLong generation() {
    SetContent set = policy.sets().get(Names.GENERATION);
    if (set != null
        && set.members() instanceof Members.Listed(Set<NftElement> all)
        && all.size() == 1) {
      Bytes key = all.iterator().next().key();
      return OptionalLong.of(Integer.toUnsignedLong(key.nativeInt()));
    }
    return OptionalLong.empty();
  }
}
