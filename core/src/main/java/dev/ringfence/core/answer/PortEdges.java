package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Where runs of ports start that some rule may tell from the one below.
final class PortEdges {
  private PortEdges() {}

  /// Of one protocol; at least 1.
  static NavigableSet<Integer> of(Policies policies, Endpoint to, Protocol protocol) {
    NavigableSet<Integer> out = new TreeSet<>();
    out.add(1);
    for (Direction direction : Direction.values()) {
      policies
          .network()
          .forEach(policy -> policy.rules(direction).forEach(rule -> add(out, rule, protocol)));
      policies
          .cluster()
          .forEach(
              policy -> policy.rules(direction).forEach(rule -> add(out, rule.match(), protocol)));
    }
    if (to instanceof Endpoint.OfPod(Pod pod, var at)) {
      pod.ports().stream()
          .filter(port -> port.protocol() == protocol)
          .forEach(port -> add(out, PortRange.only(port.number())));
    }
    return out;
  }

  private static void add(NavigableSet<Integer> into, Rule rule, Protocol protocol) {
    if (rule.ports() instanceof Ports.OneOf(var items)) {
      for (PortItem item : items) {
        if (item instanceof PortItem.Numbers(var of, var range) && of == protocol) {
          add(into, range);
        }
      }
    }
  }

  private static void add(NavigableSet<Integer> into, PortRange range) {
    into.add(range.first());
    if (range.last() < 65_535) {
      into.add(range.last() + 1);
    }
  }
}
