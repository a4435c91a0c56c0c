package dev.ringfence.benchmarks;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Form;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Two hundred local groups that each admit another half of 20,000 pods, by fifty of a hundred
/// selectors: what the member budget is there for.
///
/// Arguments: budgets, as many as wanted (0 for none). Each is compiled from scratch, and then told
/// of 2,000 pods that come and go.
final class Halves {
  private static final int GROUPS = 200;
  private static final int APPS = 100;
  private static final int PODS = 20_000;
  private static final int EVENTS = 2_000;
  private static final String SPACE = "crowd";

  private Halves() {}

  public static void main(String[] args) {
    Policies policies = Policies.of(policies());
    Snapshot now =
        new Snapshot(List.of(new Namespace(SPACE, Map.of())), List.of(), pods(), List.of());
    for (String budget : args) {
      long members = Long.parseLong(budget);
      measure(policies, now, members == 0 ? MemberBudget.UNLIMITED : new MemberBudget(members));
    }
  }

  private static List<Pod> pods() {
    List<Pod> out = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      out.add(pod("pod-" + i, Map.of("app", app(i % APPS)), "far", i));
    }
    for (int i = 0; i < GROUPS; i++) {
      out.add(pod("local-" + i, Map.of("local", "n" + i), EngineTown.NODE, PODS + i));
    }
    return out;
  }

  private static Pod pod(String name, Map<String, String> labels, String node, int number) {
    return EngineTown.pod(
        new ObjectName(SPACE, name), labels, node, Address.ofV4((10 << 24) + 2 + number));
  }

  private static String app(int number) {
    return "app-" + number;
  }

  private static List<NetworkPolicy> policies() {
    Random random = new Random(1);
    List<NetworkPolicy> out = new ArrayList<>();
    List<Integer> apps = new ArrayList<>();
    for (int i = 0; i < APPS; i++) {
      apps.add(i);
    }
    for (int i = 0; i < GROUPS; i++) {
      Collections.shuffle(apps, random);
      List<Peer> peers = apps.stream().limit(APPS / 2).map(Halves::peer).toList();
      Rule rule =
          new Rule(
              new Peers.OneOf(peers),
              new Ports.OneOf(
                  List.of(new PortItem.Numbers(Protocol.TCP, PortRange.only(8000 + i % 7)))));
      out.add(
          new NetworkPolicy(
              new ObjectName(SPACE, "policy-" + i),
              "uid-" + i,
              1,
              LabelSelector.labels(Map.of("local", "n" + i)),
              Set.of(Direction.INGRESS),
              List.of(rule),
              List.of()));
    }
    return out;
  }

  private static Peer peer(int app) {
    return new Peer.Pods(
        new NamespaceScope.PolicyNamespace(),
        Optional.of(LabelSelector.labels(Map.of("app", app(app)))));
  }

  private static void measure(Policies policies, Snapshot now, MemberBudget budget) {
    double before = Gauge.heap();
    PolicyEngine engine = new PolicyEngine(budget);
    Gauge scratch = new Gauge();
    NodePolicy node = engine.apply(Changes.from(policies, now)).forNode(EngineTown.NODE);
    double millis = scratch.cpuMicros() / 1e3;
    double heap = Gauge.heap() - before;
    double[] micros = new double[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      Pod pod = pod("guest", Map.of("app", app(i / 2 % APPS)), "far", PODS + GROUPS);
      Change change = i % 2 == 0 ? new Change.PodSet(pod) : new Change.PodGone(pod.name());
      Gauge one = new Gauge();
      engine.apply(Changes.of(change)).forNode(EngineTown.NODE);
      micros[i] = one.cpuMicros();
    }
    System.out.printf(
        Locale.ROOT,
        "budget %,d: %d of %d groups by selectors, %d sets, %,d members, at most %d sets of peers"
            + " looked up; from scratch %.0f ms of processor time, heap %.0f MiB; a pod %.0f µs"
            + " (p50), %.0f µs (p99)%n",
        budget.members(),
        node.groups().values().stream().filter(one -> one.form() == Form.UNION).count(),
        node.groups().size(),
        node.sets().size(),
        node.members(),
        node.groups().values().stream().mapToInt(one -> one.pods().size()).max().orElse(0),
        millis,
        heap,
        Rounds.quantile(micros, 0.5),
        Rounds.quantile(micros, 0.99));
  }
}
