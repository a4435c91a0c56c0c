package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Verdict;
import java.util.List;
import java.util.Optional;

/// A rule, ready to be run on regions.
///
/// @param ending what follows where all conditions hold
/// @param sometimes whether it may also not match, as under a rate limit
/// @param unreadable what in it we cannot interpret
record CompiledRule(
    RuleAt at, List<Test> tests, Ending ending, boolean sometimes, Optional<String> unreadable) {
  CompiledRule {
    tests = List.copyOf(tests);
  }

  /// What a rule does in the end.
  sealed interface Ending {
    /// On with the next rule.
    record Nothing() implements Ending {}

    record Always(Verdict verdict) implements Ending {}

    /// The connection is marked as accepted, and on with the next rule.
    record Remember() implements Ending {}

    /// What a map says, and where it says nothing, on with the next rule.
    record ByMap(VerdictMap map) implements Ending {}
  }

  /// Whether it can do nothing to any packet.
  boolean isIdle() {
    return ending instanceof Ending.Nothing && unreadable.isEmpty();
  }

  List<Verdict> verdicts() {
    return switch (ending) {
      case Ending.Nothing(), Ending.Remember() -> List.of();
      case Ending.Always(var verdict) -> List.of(verdict);
      case Ending.ByMap(var map) -> map.verdicts();
    };
  }
}
