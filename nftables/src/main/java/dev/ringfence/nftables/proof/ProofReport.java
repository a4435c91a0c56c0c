package dev.ringfence.nftables.proof;

import java.util.List;
import java.util.Optional;

/// What came of comparing the kernel's tables with the policy.
///
/// @param groups of the policy
/// @param classes of addresses that neither side tells apart, both families together
/// @param intervals of ports, likewise
/// @param regions sets of packets on which both sides were compared
/// @param differing how many of them differ
/// @param differences one example for each rule and reason, at most [Findings#MOST]
/// @param unproved what in the tables could not be interpreted; then nothing is proved
/// @param millis how long it took
public record ProofReport(
    int groups,
    int classes,
    int intervals,
    long regions,
    long differing,
    List<Difference> differences,
    List<String> unproved,
    long millis) {
  public ProofReport {
    differences = List.copyOf(differences);
    unproved = List.copyOf(unproved);
  }

  /// A packet that the table treats otherwise than the policy says.
  ///
  /// @param passes what the table does
  /// @param rule that decides; empty where no rule matched
  /// @param policy what the policy says, in words
  public record Difference(
      SamplePacket packet, boolean passes, Optional<Rule> rule, String policy) {}

  /// A rule of the kernel's.
  ///
  /// @param position in its chain, from 1
  public record Rule(String table, String chain, int position, String text) {
    static Rule of(RuleAt at) {
      return new Rule(
          at.rule().table().toString(), at.rule().chain(), at.position(), RuleText.of(at.rule()));
    }

    @Override
    public String toString() {
      return "%s, chain %s, rule %d: %s".formatted(table, chain, position, text);
    }
  }

  /// Whether table and policy say the same of every packet.
  public boolean holds() {
    return differences.isEmpty() && unproved.isEmpty();
  }
}
