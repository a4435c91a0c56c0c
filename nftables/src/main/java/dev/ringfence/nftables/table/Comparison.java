package dev.ringfence.nftables.table;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Counts where two contents differ.
final class Comparison {
  private Comparison() {}

  /// Elements, chains, sets and counters that are in one and not, or otherwise, in the other.
  static int count(NodeTable a, NodeTable b) {
    return count(a.policy(), b.policy()) + count(a.guard(), b.guard());
  }

  private static int count(TableContent a, TableContent b) {
    int out = 0;
    for (String name : union(a.chains(), b.chains())) {
      ChainContent left = a.chains().get(name);
      out += left == null || !left.equals(b.chains().get(name)) ? 1 : 0;
    }
    for (String name : union(a.sets(), b.sets())) {
      out += count(a.sets().get(name), b.sets().get(name));
    }
    return out + (a.counters().equals(b.counters()) ? 0 : 1);
  }

  private static int count(@Nullable SetContent a, @Nullable SetContent b) {
    if (a == null || b == null || !a.set().equals(b.set())) {
      return 1;
    }
    int out = 0;
    for (var missing = a.members().without(b.members()); missing.hasNext(); missing.next()) {
      out++;
    }
    for (var extra = b.members().without(a.members()); extra.hasNext(); extra.next()) {
      out++;
    }
    return out;
  }

  private static Set<String> union(Map<String, ?> a, Map<String, ?> b) {
    Set<String> out = new TreeSet<>(a.keySet());
    out.addAll(b.keySet());
    return out;
  }
}
