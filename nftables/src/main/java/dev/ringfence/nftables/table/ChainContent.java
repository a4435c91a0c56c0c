package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A chain and its rules, in order.
public record ChainContent(NftChain chain, List<NftRule> rules) {
  public ChainContent {
    rules = List.copyOf(rules);
  }

  /// Whether a rule looks into one of these sets or maps.
  boolean usesAny(Set<String> sets) {
    return !sets.isEmpty() && lookups().anyMatch(sets::contains);
  }

  /// The sets and maps that its rules look into.
  Stream<String> lookups() {
    return rules.stream()
        .flatMap(rule -> rule.expressions().stream())
        .mapMulti((one, out) -> {
          switch (one) {
            case Expression.InSet(var set, _, _) -> out.accept(set);
            case Expression.ByMap(var map, _) -> out.accept(map);
            default -> {}
          }
        });
  }
}
