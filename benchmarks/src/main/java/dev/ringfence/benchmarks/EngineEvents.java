package dev.ringfence.benchmarks;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/// What one event costs the engine: 100,000 pods, a hundred local pods in a hundred groups a
/// direction, the largest sets of 67,000 members.
///
/// Argument: how many events of each kind (20,000). Every event is applied and the node asked.
final class EngineEvents {
  private static final EngineTown TOWN =
      new EngineTown("100 namespaces x 1,000 pods x 101 policies", 100, 1_000, 101, 100, false);

  /// Namespaces that admit two thirds of the cluster.
  private static final int WIDE = 5;

  private final PolicyEngine engine = new PolicyEngine();
  private NodePolicy last;

  private EngineEvents() {
    Snapshot now = TOWN.snapshot();
    List<NetworkPolicy> all = new ArrayList<>(TOWN.policies().network());
    for (int space = 0; space < WIDE; space++) {
      all.add(fromEverywhere(space, 9500 + space));
    }
    this.last = engine.apply(Changes.from(Policies.of(all), now)).forNode(EngineTown.NODE);
  }

  /// Admits every pod of the cluster that is of two tiers of three to all pods of a namespace.
  private static NetworkPolicy fromEverywhere(int space, int port) {
    List<Peer> peers = new ArrayList<>();
    for (int tier = 0; tier < 2; tier++) {
      peers.add(
          new Peer.Pods(
              new NamespaceScope.Matching(LabelSelector.EVERYTHING),
              Optional.of(LabelSelector.labels(Map.of("tier", "tier-" + tier)))));
    }
    Rule rule =
        new Rule(
            new Peers.OneOf(peers),
            new Ports.OneOf(List.of(new PortItem.Numbers(Protocol.TCP, PortRange.only(port)))));
    return new NetworkPolicy(
        new ObjectName(EngineTown.space(space), "wide"),
        "uid-wide-" + space,
        1,
        LabelSelector.EVERYTHING,
        Set.of(Direction.INGRESS),
        List.of(rule),
        List.of());
  }

  public static void main(String[] args) {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    EngineEvents bench = new EngineEvents();
    System.out.printf(
        "%d pods, %d groups, %d sets, %,d members%n",
        bench.last.pods().size(),
        bench.last.groups().size(),
        bench.last.sets().size(),
        bench.last.sets().values().stream().mapToLong(set -> set.members().size()).sum());
    bench.measure("remote pod, also in five sets of 67,000", events, i -> guest(i, 0, "node-9"));
    bench.measure("remote pod, in few sets", events, i -> guest(i, 2, "node-9"));
    bench.measure("remote pod with a label of its own", events, EngineEvents::job);
    bench.measure("local pod", events / 4, i -> guest(i, 0, EngineTown.NODE));
    bench.measure("policy edit, a new set of 67,000", events / 20, EngineEvents::edited);
    bench.measure("namespace relabelled, 1,000 pods", events / 200, EngineEvents::relabelled);
    bench.batches(events * 5);
  }

  private static Change guest(int number, int app, String node) {
    ObjectName name = new ObjectName(EngineTown.space(3), "guest-" + number / 2);
    Address address = Address.ofV4((172 << 24) + number / 2 % 65_536);
    Pod pod = EngineTown.pod(name, TOWN.labels(app, 0), node, address);
    return number % 2 == 0 ? new Change.PodSet(pod) : new Change.PodGone(name);
  }

  /// As controllers label the pods of a job, or of a StatefulSet.
  private static Change job(int number) {
    Change change = guest(number, 2, "node-9");
    if (!(change instanceof Change.PodSet(Pod pod))) {
      return change;
    }
    Map<String, String> labels = new HashMap<>(pod.labels());
    labels.put("controller-uid", "uid-" + number);
    Address address = pod.knownAddresses().getFirst();
    return new Change.PodSet(EngineTown.pod(pod.name(), labels, "node-9", address));
  }

  private static Change edited(int number) {
    NetworkPolicy policy = TOWN.policy(7, 7);
    Rule rule = fromEverywhere(7, 1_000 + number).ingress().getFirst();
    return new Change.PolicySet(
        new NetworkPolicy(
            new ObjectName(EngineTown.space(7), "policy-7"),
            policy.uid(),
            number,
            LabelSelector.labels(Map.of("app", "app-0")),
            policy.types(),
            List.of(rule),
            policy.egress()));
  }

  private static Change relabelled(int number) {
    return new Change.NamespaceSet(
        new Namespace(EngineTown.space(9), Map.of("team", "team-" + number % 2)));
  }

  private void measure(String what, int events, IntFunction<Change> event) {
    double[] wall = new double[events];
    double cpu = 0;
    double bytes = 0;
    for (int i = -events; i < events; i++) {
      Change change = event.apply(i + events);
      Gauge gauge = new Gauge();
      NodePolicy now = engine.apply(Changes.of(change)).forNode(EngineTown.NODE);
      if (i >= 0) {
        bytes += gauge.bytes();
        cpu += gauge.cpuMicros();
        wall[i] = gauge.wallMicros();
      }
      if (i == -events) {
        System.out.printf(
            "  changes %d sets%n", now.sets().changedSince(last.sets()).changed().size());
      }
      last = now;
    }
    System.out.printf(
        Locale.ROOT,
        "%-44s p50 %7.1f µs   p99 %8.1f µs   processor %7.1f µs   %,9.0f bytes%n",
        what,
        Rounds.quantile(wall, 0.5),
        Rounds.quantile(wall, 0.99),
        cpu / events,
        bytes / events);
  }

  /// Ten thousand a second would come a hundred at a time, each hundredth of a second.
  private void batches(int events) {
    double cpu = 0;
    double bytes = 0;
    int rounds = events / 100;
    for (int round = -rounds / 2; round < rounds; round++) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int number = 2 * i + (round & 1); // they come in even rounds and go in odd ones
        changes.add(guest(number, i % 3, "node-" + (1 + i % 8)));
      }
      Gauge gauge = new Gauge();
      last = engine.apply(new Changes(changes)).forNode(EngineTown.NODE);
      if (round >= 0) {
        bytes += gauge.bytes();
        cpu += gauge.cpuMicros();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-44s processor %7.1f µs an event, %.1f %% of a core at 10,000 a second   %,9.0f bytes%n",
        "remote pods, a hundred at a time",
        cpu / rounds / 100,
        cpu / rounds / 100,
        bytes / rounds / 100);
  }
}
