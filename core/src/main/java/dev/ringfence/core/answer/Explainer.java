package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Side.Considered;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.Set;

/// Says why: the rule that decided on each side, and for a denial what came close (S272).
///
/// All of it comes from the [Evaluator]. [Repairs] says what would change a denial.
public final class Explainer {
  private final Policies policies;
  private final Snapshot now;
  private final Evaluator evaluator;
  private final Map<String, NetworkPolicy> byId = new HashMap<>();

  public Explainer(Policies policies, Snapshot now) {
    this.policies = policies;
    this.now = now;
    this.evaluator = new Evaluator(policies, now);
    policies.network().forEach(policy -> byId.put(policy.id(), policy));
  }

  public Explained explain(Flow flow) {
    Decision decision = evaluator.decide(flow);
    return new Explained(
        flow,
        decision,
        nearMisses(flow, Direction.EGRESS, decision.egress()),
        nearMisses(flow, Direction.INGRESS, decision.ingress()));
  }

  private List<NearMiss> nearMisses(Flow flow, Direction direction, Side side) {
    if (side.code() != Code.NP_ISOLATED_NO_MATCH) {
      return List.of();
    }
    List<NetworkPolicy> isolating = new ArrayList<>();
    for (Considered one : side.considered()) {
      if (byId.containsKey(one.policy())) {
        isolating.add(byId.get(one.policy()));
      }
    }
    return NearMisses.of(now, flow, direction, isolating);
  }

  /// Every port between two ends, by what decides it, in ascending order of the first of each.
  public List<ByPorts> byPorts(Endpoint from, Endpoint to, boolean viaService) {
    Policies relevant = about(from, to);
    Evaluator asked = new Evaluator(relevant, now);
    Map<Decision, ByPorts> out = new LinkedHashMap<>();
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts()) {
        NavigableSet<Integer> starts = PortEdges.of(relevant, to, protocol);
        for (int first : starts) {
          Integer next = starts.higher(first);
          PortRange range = new PortRange(first, next == null ? 65_535 : next - 1);
          Flow flow = new Flow(from, to, protocol, OptionalInt.of(first), viaService);
          add(out, asked.decide(flow), PortSet.of(protocol, range));
        }
      }
    }
    Flow other = new Flow(from, to, Protocol.OTHER, OptionalInt.empty(), viaService);
    add(out, asked.decide(other), new PortSet(List.of(), List.of(), List.of(), true));
    return List.copyOf(out.values());
  }

  /// Those that can matter to two ends: NetworkPolicies of their namespaces, and all others.
  private Policies about(Endpoint from, Endpoint to) {
    Set<String> spaces = new HashSet<>();
    for (Endpoint end : List.of(from, to)) {
      if (end instanceof Endpoint.OfPod(Pod pod, var at)) {
        spaces.add(pod.namespace());
      }
    }
    return new Policies(
        policies.network().stream()
            .filter(policy -> spaces.contains(policy.name().namespace()))
            .toList(),
        policies.cluster());
  }

  private static void add(Map<Decision, ByPorts> into, Decision decision, PortSet ports) {
    into.merge(
        decision,
        new ByPorts(ports, decision),
        (a, b) -> new ByPorts(a.ports().union(b.ports()), decision));
  }
}
