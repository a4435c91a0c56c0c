package dev.ringfence.core.answer;

import java.util.List;
import java.util.OptionalInt;

/// A rule that would have allowed a connection but for some differences.
///
/// @param rule index in the policy's list; empty where that list has none
/// @param peer index of the closest peer; empty where the rule is about any peer
/// @param port index of the closest port; empty where the rule is about any port
/// @param differs never empty; the peer's first
public record NearMiss(
    String policy, OptionalInt rule, OptionalInt peer, OptionalInt port, List<Difference> differs) {
  public NearMiss {
    differs = List.copyOf(differs);
  }
}
