package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.Layered;
import dev.ringfence.nftables.netlink.NftTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything in one nftables table, by name. Immutable; what two versions share is one object.
public record TableContent(
    NftTable table, Layered<ChainContent> chains, Layered<SetContent> sets, Set<String> counters) {
  public TableContent {
    counters = Set.copyOf(counters);
  }

  /// From any maps.
  public TableContent(
      NftTable table,
      Map<String, ChainContent> chains,
      Map<String, SetContent> sets,
      Set<String> counters) {
    this(table, Layered.of(chains), Layered.of(sets), counters);
  }

  static TableContent of(
      NftTable table,
      Collection<ChainContent> chains,
      Collection<SetContent> sets,
      Collection<String> counters) {
    Map<String, ChainContent> byChain = new HashMap<>();
    chains.forEach(one -> byChain.put(one.chain().name(), one));
    Map<String, SetContent> bySet = new HashMap<>();
    sets.forEach(one -> bySet.put(one.set().name(), one));
    return new TableContent(table, byChain, bySet, Set.copyOf(counters));
  }

  /// A table in which nothing is yet.
  static TableContent empty(NftTable table) {
    return of(table, List.of(), List.of(), List.of());
  }

  TableContent withSets(Layered<SetContent> others) {
    return new TableContent(table, chains, others, counters);
  }
}
