package dev.ringfence.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
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
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What one event costs a node of a hundred groups whose sets hold 100,000 members: a remote pod
/// that joins or leaves one to five of them, a local pod that joins or leaves a group, a policy
/// edited.
///
/// Arguments: remote pods (20,000), events (4,000); then, with a third, so many events a second of
/// remote pods instead, over so many seconds (a fourth, 60): what has come meanwhile goes together.
final class PodEvents {
  private static final String NODE = "node-1";
  private static final int LOCAL = 100;
  private static final int APPS = 100;
  private static final int WARM = 500;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final int remote;
  private final int events;
  private final PolicyEngine engine = new PolicyEngine();
  private long generation;

  private PodEvents(int remote, int events) {
    this.remote = remote;
    this.events = events;
  }

  public static void main(String[] args) {
    int remote = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int events = args.length > 1 ? Integer.parseInt(args[1]) : 4_000;
    try (Rig rig = new Rig("events")) {
      rig.onNode(() -> {
        PodEvents bench = new PodEvents(remote, events);
        if (args.length < 3) {
          bench.run(bench::oneByOne);
        } else {
          int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 60;
          bench.run(dataplane -> bench.flood(dataplane, Integer.parseInt(args[2]), seconds));
        }
        return 0;
      });
    }
  }

  private void run(Consumer<NftablesDataplane> what) {
    NodePolicy policy = engine.apply(Changes.from(policies(), snapshot())).forNode(NODE);
    try (NftablesDataplane dataplane =
        NftablesDataplane.open(DataplaneOptions.STANDARD.withTableOwner(false))) {
      Applied first = dataplane.apply(policy, Wires.NONE, ++generation);
      System.out.printf(
          Locale.ROOT,
          "%d groups, %d members of sets, from nothing: %d µs in the kernel, %d µs in all%n",
          policy.groups().size(),
          first.elementsAdded(),
          first.kernelMicros(),
          first.totalMicros());
      what.accept(dataplane);
    }
  }

  private void oneByOne(NftablesDataplane dataplane) {
    measure("a remote pod", dataplane, i -> guest(i, Optional.of("node-7")));
    measure("a local pod, known group", dataplane, i -> guest(i, Optional.of(NODE)));
    measure("a policy of one group", dataplane, PodEvents::edited);
  }

  /// Events come at an even pace, whatever becomes of them.
  private void flood(NftablesDataplane dataplane, int perSecond, int seconds) {
    long gap = 1_000_000_000L / perSecond;
    int warm = 5 * perSecond;
    int all = warm + seconds * perSecond;
    double[] late = new double[all];
    long transactions = 0;
    Gauge gauge = new Gauge();
    long began = System.nanoTime();
    int next = 0;
    while (next < all) {
      int first = next;
      List<Change> batch = new ArrayList<>();
      for (long now = System.nanoTime(); next < all && began + next * gap <= now; next++) {
        batch.add(visitor(next));
      }
      if (batch.isEmpty()) {
        LockSupport.parkNanos(began + next * gap - System.nanoTime());
        continue;
      }
      dataplane.apply(engine.apply(new Changes(batch)).forNode(NODE), Wires.NONE, ++generation);
      long done = System.nanoTime();
      for (int i = first; i < next; i++) {
        late[i] = (done - began - i * gap) / 1000.0;
      }
      transactions += first < warm ? 0 : 1;
    }
    System.out.printf(
        Locale.ROOT,
        "%d events a second over %d s: %.1f a transaction, %.1f %% of a core (this thread)%n",
        perSecond,
        seconds,
        (double) (all - warm) / transactions,
        100 * gauge.cpuMicros() / gauge.wallMicros());
    double[] measured = Arrays.copyOfRange(late, warm, all);
    print("  from event to kernel, µs", measured);
    System.out.printf(
        Locale.ROOT,
        "  the last of all %.0f µs, the slowest %.0f µs, later than 10 ms: %d%n",
        measured[measured.length - 1],
        Arrays.stream(measured).max().orElse(0),
        Arrays.stream(measured).filter(one -> one > 10_000).count());
  }

  /// Comes, and goes five hundred events later.
  private static Change visitor(int number) {
    int comes = number / 2;
    return number % 2 == 0
        ? guest(2 * comes, Optional.of("node-7"))
        : guest(2 * Math.max(0, comes - 250) + 1, Optional.of("node-7"));
  }

  /// One event of many.
  private interface Event {
    Change number(int i);
  }

  private void measure(String what, NftablesDataplane dataplane, Event event) {
    List<double[]> columns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      columns.add(new double[events]);
    }
    long bytes = 0;
    long elements = 0;
    for (int i = -WARM; i < events; i++) {
      Change change = event.number(i + WARM);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long before = System.nanoTime();
      NodePolicy policy = engine.apply(Changes.of(change)).forNode(NODE);
      long compiled = System.nanoTime();
      long half = threads.getCurrentThreadAllocatedBytes();
      Applied applied = dataplane.apply(policy, Wires.NONE, ++generation);
      long after = System.nanoTime();
      if (i >= 0) {
        columns.get(0)[i] = (compiled - before) / 1000.0;
        columns.get(1)[i] = applied.kernelMicros();
        columns.get(2)[i] = (after - before) / 1000.0;
        columns.get(3)[i] = half - allocated;
        columns.get(4)[i] = threads.getCurrentThreadAllocatedBytes() - half;
        bytes += applied.bytesSent();
        elements += applied.elementsAdded() + applied.elementsDeleted();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f elements, %.0f bytes sent%n",
        what,
        (double) elements / events,
        (double) bytes / events);
    print("  engine, µs", columns.get(0));
    print("  kernel, µs", columns.get(1));
    print("  in all, µs", columns.get(2));
    print("  garbage of the engine, bytes", columns.get(3));
    print("  garbage of the dataplane, bytes", columns.get(4));
  }

  /// Comes, and with the next event goes; joins one to five sets.
  private static Change guest(int number, Optional<String> node) {
    ObjectName name = new ObjectName("town", "guest-" + number / 2);
    if (number % 2 == 1) {
      return new Change.PodGone(name);
    }
    int address = (10 << 24 | 250 << 16) + number / 2 % 60_000;
    return new Change.PodSet(pod(name, number / 2 % APPS, address, node));
  }

  /// The same policy with another port each time.
  private static Change edited(int number) {
    return new Change.PolicySet(policy(number % APPS, 2_000 + number % 1_000));
  }

  private static Pod pod(ObjectName name, int app, int address, Optional<String> node) {
    return new Pod(
        name,
        "uid-" + name.name(),
        Map.of("app", "app-" + app),
        node,
        false,
        PodAddresses.of(Address.ofV4(address)),
        Phase.RUNNING,
        Optional.empty(),
        List.of(),
        new Workload(name.namespace(), "Pod", name.name()));
  }

  private Snapshot snapshot() {
    List<Pod> all = new ArrayList<>();
    for (int i = 0; i < LOCAL + remote; i++) {
      Optional<String> node = Optional.of(i < LOCAL ? NODE : "node-" + (2 + i / LOCAL));
      all.add(
          pod(
              new ObjectName("town", "pod-" + i),
              i % APPS,
              (10 << 24 | 244 << 16 | 1 << 8) + i + 2,
              node));
    }
    Node node =
        new Node(
            NODE, Map.of(), List.of(Address.of("192.168.0.1")), List.of(Cidr.of("10.244.1.0/24")));
    return new Snapshot(List.of(new Namespace("town", Map.of())), List.of(node), all, List.of());
  }

  private static Policies policies() {
    List<NetworkPolicy> all = new ArrayList<>();
    for (int app = 0; app < APPS; app++) {
      all.add(policy(app, 8080));
    }
    return Policies.of(all);
  }

  /// One app admits five others, and so each pod is in the sets of five groups.
  private static NetworkPolicy policy(int app, int port) {
    List<Rule> rules =
        List.of(
            new Rule(
                new Peers.OneOf(List.of(from(app, 1), from(app, 2), from(app, 3), from(app, 4))),
                ports(port)),
            new Rule(new Peers.OneOf(List.of(from(app, 5))), ports(9_090)));
    return new NetworkPolicy(
        new ObjectName("town", "policy-" + app),
        "policy-uid-" + app,
        1,
        LabelSelector.labels(Map.of("app", "app-" + app)),
        Set.of(Direction.INGRESS),
        rules,
        List.of());
  }

  private static Peer from(int app, int distance) {
    return new Peer.Pods(
        new NamespaceScope.PolicyNamespace(),
        Optional.of(LabelSelector.labels(Map.of("app", "app-" + (app + distance) % APPS))));
  }

  private static Ports ports(int port) {
    return new Ports.OneOf(List.of(new PortItem.Numbers(Protocol.TCP, PortRange.only(port))));
  }

  private static void print(String what, double[] values) {
    System.out.printf(
        Locale.ROOT,
        "%-34s p50 %8.0f   p95 %8.0f   p99 %8.0f%n",
        what,
        Rounds.quantile(values, 0.5),
        Rounds.quantile(values, 0.95),
        Rounds.quantile(values, 0.99));
  }
}
