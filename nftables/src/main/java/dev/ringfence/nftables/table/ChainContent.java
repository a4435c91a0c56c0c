package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftRule;
import java.util.List;
import java.util.Set;

/// A chain and its rules, in order.
public record ChainContent(NftChain chain, List<NftRule> rules) {
  public ChainContent {
    rules = List.copyOf(rules);
  }

  /// Whether a rule looks into one of these sets or maps.
  boolean usesAny(Set<String> sets) {
    return !sets.isEmpty()
        && rules.stream()
            .flatMap(rule -> rule.expressions().stream())
            .anyMatch(one ->
                switch (one) {
                  case Expression.InSet(var set, _, _) -> sets.contains(set);
                  case Expression.ByMap(var map, _) -> sets.contains(map);
                  default -> false;
                });
  }
}
