package dev.ringfence.cli;

import dev.ringfence.core.answer.ByPorts;
import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.answer.Explained;
import dev.ringfence.core.answer.Explainer;
import dev.ringfence.core.answer.Repairs;
import dev.ringfence.core.answer.Repairs.Repair;
import dev.ringfence.core.cluster.End;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Ends;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pairs;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.report.Explanation;
import dev.ringfence.report.Explanations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Answers one question of `explain`: of several pairs of pods the first that is denied, or else
/// the first.
final class Reasons {
  private final Loaded loaded;
  private final Ends ends;
  private final Pairs pairs;
  private final Explainer explainer;
  private final List<String> warnings = new ArrayList<>();

  Reasons(Loaded loaded, boolean hostNetworkAsPods) {
    this.loaded = loaded;
    this.ends = new Ends(loaded.snapshot(), hostNetworkAsPods);
    this.pairs = new Pairs(loaded.snapshot());
    this.explainer = new Explainer(loaded.policies(), loaded.snapshot());
  }

  /// Sentences about what the last answer leans on.
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// @throws Failure if the question has no answer
  Explanation of(String from, String to, Asked asked) {
    Protocol protocol =
        asked.port() == null
            ? Protocol.OTHER
            : Protocol.valueOf(asked.protocol().toUpperCase(Locale.ROOT));
    OptionalInt port = asked.port() == null ? OptionalInt.empty() : OptionalInt.of(asked.port());
    try {
      End source = ends.find(from);
      End target = ends.find(to);
      List<Flow> flows = pairs.flows(source, target, protocol, port);
      Evaluator evaluator = new Evaluator(loaded.policies(), loaded.snapshot());
      List<Decision> decisions = flows.stream().map(evaluator::decide).toList();
      warnings.addAll(
          new UnknownAddresses(loaded.policies(), evaluator).warnings(flows, decisions));
      int at = firstDenied(decisions);
      boolean same = decisions.stream().map(Decision::allowed).distinct().count() == 1;
      if (!same) {
        warnings.add("its pods answer differently; this is about one pair that is denied");
      }
      Flow flow = flows.get(at);
      Explained explained = explainer.explain(flow);
      Repair repair = new Repairs(loaded.policies(), loaded.snapshot()).of(flow);
      var document =
          new Explanations(
              loaded.places(),
              name(from, source, flow.from(), same),
              name(to, target, flow.to(), same));
      return target instanceof End.OfService
          ? document.ofService(
              explained, repair, asked.protocol(), port.orElseThrow(), to, backends(flows))
          : document.of(explained, repair, asked.protocol());
    } catch (Ends.Unknown e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  /// @throws Failure if the question has no answer
  Explanation ofAllPorts(String from, String to) {
    try {
      End source = ends.find(from);
      End target = ends.find(to);
      if (target instanceof End.OfService) {
        throw new Failure(to + " is a Service, which leads to other ports: say which port");
      }
      List<Flow> flows = pairs.flows(source, target, Protocol.OTHER, OptionalInt.empty());
      Flow flow = flows.getFirst();
      List<ByPorts> parts = explainer.byPorts(flow.from(), flow.to(), flow.viaService());
      Set<PortSet> open =
          flows.stream()
              .map(one -> open(explainer.byPorts(one.from(), one.to(), one.viaService())))
              .collect(Collectors.toSet());
      if (open.size() > 1) {
        warnings.add("its pods answer differently; this is about one pair of them");
      }
      var document =
          new Explanations(
              loaded.places(),
              name(from, source, flow.from(), open.size() == 1),
              name(to, target, flow.to(), open.size() == 1));
      return document.of(parts, flow);
    } catch (Ends.Unknown e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private static PortSet open(List<ByPorts> parts) {
    PortSet out = PortSet.NONE;
    for (ByPorts part : parts) {
      out = part.decision().allowed() ? out.union(part.ports()) : out;
    }
    return out;
  }

  private static int firstDenied(List<Decision> decisions) {
    for (int i = 0; i < decisions.size(); i++) {
      if (!decisions.get(i).allowed()) {
        return i;
      }
    }
    return 0;
  }

  private static List<String> backends(List<Flow> flows) {
    return flows.stream().map(flow -> Answers.name(flow.to())).distinct().toList();
  }

  /// A workload's id where it was named and its pods agree; else the one end that is explained.
  private static String name(String asked, End end, Endpoint shown, boolean same) {
    if (same && end instanceof End.OfPods(var pods)) {
      Pod any = pods.getFirst();
      if (!asked.equals(any.id()) && !asked.equals(any.name().toString())) {
        return any.workload().id();
      }
    }
    return Answers.name(shown);
  }
}
