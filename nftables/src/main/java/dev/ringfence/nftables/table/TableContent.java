package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.NftTable;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything in one nftables table, by name. Immutable.
public record TableContent(
    NftTable table,
    SortedMap<String, ChainContent> chains,
    SortedMap<String, SetContent> sets,
    SortedSet<String> counters) {
  public TableContent {
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
    counters = Collections.unmodifiableSortedSet(new TreeSet<>(counters));
  }

  static TableContent of(
      NftTable table,
      Collection<ChainContent> chains,
      Collection<SetContent> sets,
      Collection<String> counters) {
    SortedMap<String, ChainContent> byChain = new TreeMap<>();
    chains.forEach(one -> byChain.put(one.chain().name(), one));
    SortedMap<String, SetContent> bySet = new TreeMap<>();
    sets.forEach(one -> bySet.put(one.set().name(), one));
    return new TableContent(table, byChain, bySet, new TreeSet<>(counters));
  }

  /// A table in which nothing is yet.
  static TableContent empty(NftTable table) {
    return of(table, java.util.List.of(), java.util.List.of(), java.util.List.of());
  }

  /// The same content; sets that are there already keep their room.
  TableContent keepingRoomOf(TableContent before) {
    SortedMap<String, SetContent> kept = new TreeMap<>();
    for (Map.Entry<String, SetContent> one : sets.entrySet()) {
      SetContent had = before.sets.get(one.getKey());
      kept.put(one.getKey(), had == null ? one.getValue() : one.getValue().keepingRoomOf(had));
    }
    return new TableContent(table, chains, kept, counters);
  }
}
