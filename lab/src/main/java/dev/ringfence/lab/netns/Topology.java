package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The namespaces of a scenario, their wires and their routes.
///
/// Each pod hangs on its node, routed or on a bridge; its gateway is a link-local address. Nodes
/// and hosts outside hang on veths of one namespace that only routes between them. Wires are made
/// inside the namespaces, so the main one never sees them.
public final class Topology {
  /// The gateway of a pod, on its node's end of the wire.
  static final String POD_GATEWAY_4 = "169.254.1.1";

  static final String POD_GATEWAY_6 = "fe80::1";

  /// Both ends of a node's wire to the outside; a host's far end is like a node's.
  private static final String OUTSIDE_GATEWAY_4 = "169.254.2.1";

  private static final String OUTSIDE_GATEWAY_6 = "fe80::f";

  /// As whom the outside says that a packet is too big or leads nowhere: a link-local address would
  /// not come far.
  private static final String OUTSIDE_ITSELF_6 = "fd72:6600::1";

  private static final String NODE_UPLINK_4 = "169.254.2.2";
  private static final String NODE_UPLINK_6 = "fe80::e";

  private final Instance instance;
  private final PodNetwork network;
  private final PodWiring wiring;

  /// One whose pods are routed.
  public Topology(Instance instance) {
    this(instance, PodNetwork.ROUTED);
  }

  public Topology(Instance instance, PodNetwork network) {
    this.instance = instance;
    this.network = network;
    this.wiring = network.wiring(instance);
  }

  /// How many namespaces this scenario has.
  public static int namespaces(Scenario scenario) {
    return scenario.pods().size()
        + scenario.snapshot().nodes().size()
        + scenario.outside().size()
        + 1;
  }

  /// Makes everything; nothing of this instance may be there.
  ///
  /// @throws Exception naming the command that failed; what was made so far stays, for
  ///   [Leftovers#clear]
  public void build(Scenario scenario) throws Exception {
    Collection<Node> nodes = scenario.snapshot().nodes().values();
    IpBatch names = IpBatch.ofNamespaces();
    names.add("netns add " + instance.outside());
    nodes.forEach(node -> names.add("netns add " + instance.node(node.name())));
    scenario.outside().forEach(host -> names.add("netns add " + instance.host(host)));
    scenario.pods().forEach(pod -> names.add("netns add " + instance.pod(pod.pod())));
    names.run();
    Sysctls.prepare(instance.outside(), true);
    for (OutsideHost host : scenario.outside()) {
      Sysctls.prepare(instance.host(host), false);
    }
    for (Node node : nodes) {
      Sysctls.prepare(instance.node(node.name()), true);
      if (network == PodNetwork.BRIDGE) {
        Sysctls.judgeBridged(instance.node(node.name()));
      }
    }
    prepare(scenario.pods());
    List<IpBatch> around = new ArrayList<>();
    nodes.forEach(node -> around.add(nodeItself(node)));
    scenario.outside().forEach(host -> around.add(hostItself(host)));
    together(around);
    outside(scenario).run();
    wire(scenario, scenario.pods());
  }

  /// Deletes the pods that have gone or moved, then makes those that are new or have moved.
  ///
  /// @param before what stands now; the same nodes and hosts outside as `next`
  public void change(Scenario before, Scenario next) throws Exception {
    List<End.OfPod> gone = missing(before, next);
    List<End.OfPod> fresh = missing(next, before);
    for (Map.Entry<String, List<End.OfPod>> node : byNode(gone).entrySet()) {
      IpBatch batch = IpBatch.inside(instance.node(node.getKey()));
      node.getValue().forEach(pod -> wiring.remove(pod, batch));
      batch.run();
    }
    IpBatch names = IpBatch.ofNamespaces();
    gone.forEach(pod -> names.add("netns del " + instance.pod(pod.pod())));
    fresh.forEach(pod -> names.add("netns add " + instance.pod(pod.pod())));
    names.run();
    prepare(fresh);
    wire(next, fresh);
  }

  /// Pods of `here` that are not in `there` with the same node and addresses.
  public static List<End.OfPod> missing(Scenario here, Scenario there) {
    Map<String, End.OfPod> others = new TreeMap<>();
    there.pods().forEach(pod -> others.put(pod.id(), pod));
    return here.pods().stream()
        .filter(pod -> {
          End.OfPod other = others.get(pod.id());
          return other == null
              || !other.addresses().equals(pod.addresses())
              || !other.pod().node().equals(pod.pod().node());
        })
        .toList();
  }

  /// Whether [#change] can lead from one to the other.
  public static boolean sameGround(Scenario before, Scenario next) {
    return List.copyOf(before.snapshot().nodes().values())
            .equals(List.copyOf(next.snapshot().nodes().values()))
        && before.outside().equals(next.outside());
  }

  /// The node's end of a pod's wire.
  public static String wireOf(End.OfPod pod) {
    return Instance.wire(pod.id());
  }

  private void prepare(List<End.OfPod> pods) throws Exception {
    for (End.OfPod pod : pods) {
      Sysctls.prepare(instance.pod(pod.pod()), false);
    }
  }

  private void wire(Scenario scenario, List<End.OfPod> pods) throws Exception {
    List<List<IpBatch>> nodes = new ArrayList<>();
    byNode(pods).forEach((name, all) -> nodes.add(wiring.nodeEnds(node(scenario, name), all)));
    inOrderEach(nodes);
    together(
        pods.stream()
            .map(pod -> wiring.podEnd(node(scenario, pod.pod().node().orElseThrow()), pod))
            .toList());
    IpBatch routes = IpBatch.inside(instance.outside());
    for (End.OfPod pod : pods) {
      String node = pod.pod().node().orElseThrow();
      Node home = scenario.snapshot().nodes().get(node);
      for (Address address : pod.addresses()) {
        if (home == null || home.podCidrs().stream().noneMatch(cidr -> cidr.contains(address))) {
          routes.add(toNode("replace", Cidr.only(address), node));
        }
      }
    }
    routes.run();
  }

  private static Node node(Scenario scenario, String name) {
    Node node = scenario.snapshot().nodes().get(name);
    if (node == null) {
      throw new IllegalStateException("pods on a node that is not planned: " + name);
    }
    return node;
  }

  private IpBatch nodeItself(Node node) {
    String far = Instance.wire("node/" + node.name());
    IpBatch batch = IpBatch.inside(instance.node(node.name()));
    batch.add("link set lo up");
    batch.add("link add eth0 type veth peer name " + far + " netns " + instance.outside());
    node.addresses().forEach(address -> batch.add(address(address, "eth0")));
    batch.add("addr add " + NODE_UPLINK_4 + "/32 dev eth0 scope link");
    batch.add("addr add " + NODE_UPLINK_6 + "/64 dev eth0 nodad");
    batch.add("link set eth0 up");
    batch.add(
        "route add default via "
            + OUTSIDE_GATEWAY_4
            + " dev eth0 onlink"
            + source(node, Family.IPV4));
    batch.add("route add ::/0 via " + OUTSIDE_GATEWAY_6 + " dev eth0" + source(node, Family.IPV6));
    wiring.prepare(node, batch);
    return batch;
  }

  private IpBatch hostItself(OutsideHost host) {
    IpBatch batch = IpBatch.inside(instance.host(host));
    batch.add("link set lo up");
    batch.add("link add eth0 type veth peer name " + wireOf(host) + " netns " + instance.outside());
    host.addresses().forEach(address -> batch.add(address(address, "eth0")));
    batch.add("link set eth0 up");
    if (host.addresses().stream().anyMatch(address -> address.family() == Family.IPV4)) {
      batch.add("route add default via " + OUTSIDE_GATEWAY_4 + " dev eth0 onlink");
    }
    if (host.addresses().stream().anyMatch(address -> address.family() == Family.IPV6)) {
      batch.add("route add ::/0 via " + OUTSIDE_GATEWAY_6 + " dev eth0");
    }
    return batch;
  }

  private static String wireOf(OutsideHost host) {
    return Instance.wire("host/" + host.name());
  }

  private IpBatch outside(Scenario scenario) {
    IpBatch batch = IpBatch.inside(instance.outside());
    batch.add("link set lo up");
    batch.add("addr add " + OUTSIDE_ITSELF_6 + "/128 dev lo nodad");
    for (OutsideHost host : scenario.outside()) {
      gateway(wireOf(host), batch);
      host.addresses()
          .forEach(
              address -> batch.add("route add " + Cidr.only(address) + " dev " + wireOf(host)));
    }
    for (Node node : scenario.snapshot().nodes().values()) {
      gateway(Instance.wire("node/" + node.name()), batch);
      node.addresses()
          .forEach(address -> batch.add(toNode("add", Cidr.only(address), node.name())));
      node.podCidrs().forEach(cidr -> batch.add(toNode("add", cidr, node.name())));
    }
    return batch;
  }

  private static void gateway(String wire, IpBatch batch) {
    batch.add("addr add " + OUTSIDE_GATEWAY_4 + "/32 dev " + wire + " scope link");
    batch.add("addr add " + OUTSIDE_GATEWAY_6 + "/64 dev " + wire + " nodad");
    batch.add("link set " + wire + " up");
  }

  private static String toNode(String verb, Cidr to, String node) {
    String gateway = to.family() == Family.IPV4 ? NODE_UPLINK_4 : NODE_UPLINK_6;
    String onlink = to.family() == Family.IPV4 ? " onlink" : "";
    return "route "
        + verb
        + " "
        + to
        + " via "
        + gateway
        + " dev "
        + Instance.wire("node/" + node)
        + onlink;
  }

  static String address(Address address, String device) {
    String nodad = address.family() == Family.IPV6 ? " nodad" : "";
    return "addr add " + Cidr.only(address) + " dev " + device + nodad;
  }

  /// What the node calls itself towards others, not a gateway's link-local address.
  static String source(Node node, Family family) {
    return node.addresses().stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .map(address -> " src " + address)
        .orElse("");
  }

  private static Map<String, List<End.OfPod>> byNode(List<End.OfPod> pods) {
    Map<String, List<End.OfPod>> out = new TreeMap<>();
    for (End.OfPod pod : pods) {
      out.computeIfAbsent(pod.pod().node().orElseThrow(), key -> new ArrayList<>()).add(pod);
    }
    return out;
  }

  private static void together(List<IpBatch> batches) throws Exception {
    inOrderEach(batches.stream().map(List::of).toList());
  }

  /// Those of one list one after another, the lists beside each other.
  private static void inOrderEach(List<List<IpBatch>> all) throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (List<IpBatch> batches : all) {
        work.add(() -> {
          for (IpBatch batch : batches) {
            batch.run();
          }
          return true;
        });
      }
      for (Future<Boolean> one : workers.invokeAll(work)) {
        PinnedThread.await(one);
      }
    }
  }
}
