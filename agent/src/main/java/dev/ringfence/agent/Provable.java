package dev.ringfence.agent;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.nftables.proof.Proof;
import dev.ringfence.nftables.proof.ProofReport;
import dev.ringfence.nftables.proof.SamplePacket;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.ProofDocument;
import dev.ringfence.report.ProofDocument.Detail;
import dev.ringfence.report.ProofDocument.Difference;
import dev.ringfence.report.ProofDocument.Packet;
import dev.ringfence.report.ProofDocument.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A node's tables as they were read back, beside the policy they should follow: all that a proof
/// needs, so that any thread may do it.
///
/// @param readBack empty if our tables were not there, or not readable as ours
/// @param wires those that the kernel takes a guard for
/// @param generation of the policy
public record Provable(
    Optional<NodeTable> readBack,
    NodePolicy policy,
    Wires wires,
    DataplaneOptions options,
    long generation) {
  /// Compares both, for every packet there can be. Takes time in proportion to groups, classes of
  /// addresses and rules.
  public ProofDocument prove() {
    String at = Journal.text(Instant.now());
    long start = System.nanoTime();
    ProofReport report =
        readBack
            .map(table -> Proof.of(table, policy, wires, options))
            .orElseGet(Provable::withoutTable);
    double seconds = Math.round((System.nanoTime() - start) / 1e3) / 1e6;
    return new ProofDocument(
        policy.node(),
        generation,
        report.holds() ? ProofDocument.EQUAL : ProofDocument.DIFFERENT,
        at,
        seconds,
        policy.groups().size(),
        report.classes(),
        report.intervals(),
        report.regions(),
        report.differing(),
        report.differences().stream().map(Provable::difference).toList(),
        report.unproved());
  }

  private static ProofReport withoutTable() {
    return new ProofReport(
        0, 0, 0, 0, 0, List.of(), List.of("the kernel does not hold our tables"), 0);
  }

  private static Difference difference(ProofReport.Difference one) {
    return new Difference(
        one.packet().toString(),
        packet(one.packet()),
        one.passes() ? "allowed" : "denied",
        one.rule().map(Provable::rule).orElse(null),
        one.policy());
  }

  private static Packet packet(SamplePacket is) {
    return new Packet(
        is.hook(),
        is.family(),
        is.state(),
        is.from().orElse(null),
        is.to().orElse(null),
        orNull(is.protocol()),
        orNull(is.fromPort()),
        orNull(is.port()),
        is.details().stream().map(one -> new Detail(one.what(), one.value())).toList());
  }

  private static @Nullable Integer orNull(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : null;
  }

  private static Rule rule(ProofReport.Rule is) {
    return new Rule(is.table(), is.chain(), is.position(), is.text());
  }
}
