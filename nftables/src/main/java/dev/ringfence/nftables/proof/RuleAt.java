package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.NftRule;

/// A rule and its place.
///
/// @param position in its chain, from 1
record RuleAt(NftRule rule, int position) {
  /// `inet ringfence, chain forward, rule 2: ct state …`.
  @Override
  public String toString() {
    return "%s, chain %s, rule %d: %s"
        .formatted(rule.table(), rule.chain(), position, RuleText.of(rule));
  }
}
