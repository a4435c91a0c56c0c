package dev.ringfence.core.answer;

import dev.ringfence.core.model.Tier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The verdict of one end, and what gave it. Indices are those of the manifest's lists, from 0.
///
/// @param tier empty where no tier decided
/// @param policy id of the policy whose rule decided; empty where none did
/// @param rule index in its `ingress` or `egress`
/// @param peer index in the rule's `from` or `to`; empty where the rule is about any peer
/// @param port index in the rule's `ports`; empty where the rule is about any port
/// @param considered the NetworkPolicies that isolate the pod, and every Pass that fired
public record Side(
    Code code,
    Optional<Tier> tier,
    Optional<String> policy,
    OptionalInt rule,
    OptionalInt peer,
    OptionalInt port,
    List<Considered> considered) {
  public Side {
    considered = List.copyOf(considered);
  }

  /// A policy that was asked and did not decide.
  ///
  /// @param passedBy index of its rule with action Pass; empty for a NetworkPolicy
  public record Considered(String policy, OptionalInt passedBy) {}

  /// A verdict that no rule gave.
  static Side plain(Code code, Optional<Tier> tier, List<Considered> considered) {
    return new Side(
        code,
        tier,
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        considered);
  }

  static Side plain(Code code) {
    return plain(code, Optional.empty(), List.of());
  }

  public boolean allowed() {
    return code.allows();
  }
}
