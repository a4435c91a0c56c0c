package dev.ringfence.agent;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.nftables.proof.Proof;
import dev.ringfence.nftables.proof.ProofReport;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.AgentStatus.Proved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A node's tables as they were read back, beside the policy they should follow: all that a proof
/// needs, so that any thread may do it.
///
/// @param readBack empty if our tables were not there, or not readable as ours
/// @param wires those that the kernel takes a guard for
public record Provable(
    Optional<NodeTable> readBack,
    NodePolicy policy,
    Wires wires,
    DataplaneOptions options,
    long generation) {
  /// Compares both, for every packet there can be. Takes time in proportion to groups, classes of
  /// addresses and rules.
  ///
  /// @return empty where there is no table to look at
  public Optional<ProofReport> report() {
    return readBack.map(table -> Proof.of(table, policy, wires, options));
  }

  /// The same for the status.
  Proved proved() {
    long start = System.nanoTime();
    Optional<ProofReport> report = report();
    double seconds = Math.round((System.nanoTime() - start) / 1e3) / 1e6;
    return new Proved(
        report.map(ProofReport::word).orElse("different"),
        generation,
        Journal.text(Instant.now()),
        seconds,
        report.map(ProofReport::regions).orElse(0L),
        report.map(Provable::words).orElse(List.of("the kernel does not hold our tables")));
  }

  private static List<String> words(ProofReport report) {
    List<String> out = new ArrayList<>();
    for (ProofReport.Difference one : report.differences()) {
      out.add(
          "%s: %s by %s; the policies say: %s"
              .formatted(
                  one.packet(),
                  one.passes() ? "passes" : "denied",
                  one.rule().map(ProofReport.Rule::toString).orElse("no rule"),
                  one.policy()));
    }
    report.unproved().forEach(what -> out.add("could not be interpreted: " + what));
    return out;
  }
}
