package dev.ringfence.lab;

import dev.ringfence.core.answer.Certainty;
import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.ProbeReport;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// What the evaluator says of some probes of a scenario, by index.
public record Answers(Scenario scenario, List<Probe> probes, List<Decision> decisions) {
  public Answers {
    probes = List.copyOf(probes);
    decisions = List.copyOf(decisions);
  }

  public static Answers to(Scenario scenario, List<Probe> probes) {
    Evaluator evaluator = new Evaluator(scenario.policies(), scenario.snapshot());
    return new Answers(
        scenario,
        probes,
        probes.stream()
            .map(probe ->
                decide(
                    evaluator,
                    probe.opened(scenario.snapshot()),
                    probe.accepted(scenario.snapshot())))
            .toList());
  }

  /// Where a node in between rewrites addresses, each end is judged by what its own node sees.
  private static Decision decide(Evaluator evaluator, Flow opened, Flow accepted) {
    Decision out = evaluator.decide(opened);
    if (opened.equals(accepted)) {
      return out;
    }
    Decision in = evaluator.decide(accepted);
    return Decision.of(
        out.egress(),
        in.ingress(),
        out.certainty() == Certainty.DEFINED ? in.certainty() : out.certainty());
  }

  /// Every probe of the scenario answered by the evaluator alone: for machines without root or
  /// Linux.
  public static LabReport evaluatorOnly(Scenario scenario) {
    return to(scenario, Probe.all(scenario)).report(Optional.empty());
  }

  /// Which should arrive.
  public BitSet allowed() {
    BitSet out = new BitSet();
    for (int i = 0; i < decisions.size(); i++) {
      out.set(i, decisions.get(i).allowed());
    }
    return out;
  }

  /// Answers beside packets.
  ///
  /// @param arrived which did arrive; empty where none were sent
  public LabReport report(Optional<BitSet> arrived) {
    List<ProbeReport.Probe> rows = new ArrayList<>();
    Denials denials = new Denials();
    for (int i = 0; i < probes.size(); i++) {
      Probe probe = probes.get(i);
      Decision decision = decisions.get(i);
      int index = i;
      rows.add(row(probe, decision, arrived.map(bits -> bits.get(index))));
      denials.add(decision, probe.from().group(), probe.to().group());
    }
    return new LabReport(
        ProbeReport.of(arrived.isPresent() ? "kernel" : "evaluator", rows),
        scenario.ends().stream().map(Answers::end).toList(),
        denials.all(),
        scenario.left().stream().map(left -> left.pod().id() + ": " + left.why()).toList());
  }

  @SuppressWarnings("NullAway") // the document has null where no packet was sent
  private static ProbeReport.Probe row(Probe probe, Decision decision, Optional<Boolean> arrived) {
    Optional<Door> door = probe.via().map(Probe.Via::door);
    return new ProbeReport.Probe(
        probe.from().id(),
        door.map(one -> one.service().id()).orElse(probe.to().id()),
        probe.protocol().toString(),
        probe.dialledPort(),
        probe.family().toString(),
        word(decision.allowed()),
        arrived.map(Answers::word).orElse(null),
        door.flatMap(Door::node).map(Node::name).orElse(null),
        door.map(one -> probe.to().id()).orElse(null),
        door.map(one -> probe.port()).orElse(null));
  }

  private static String word(boolean allowed) {
    return allowed ? "allowed" : "denied";
  }

  private static LabReport.End end(End end) {
    return new LabReport.End(
        end.id(),
        end.group(),
        end.ports().stream().map(port -> port.number() + "/" + port.protocol()).toList());
  }
}
