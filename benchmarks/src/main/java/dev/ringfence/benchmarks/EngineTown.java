package dev.ringfence.benchmarks;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.IpBlock;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A generated cluster of some shape; pods are spread over nodes of a hundred.
///
/// @param namespaces labelled with one of fifty teams
/// @param apps in each namespace; a pod is of the app that its number says
/// @param unique whether every pod has a label that no other has
record EngineTown(
    String name, int namespaces, int podsEach, int policiesEach, int apps, boolean unique) {
  static final List<EngineTown> ALL =
      List.of(
          new EngineTown("25,000 namespaces x 4 pods x 3 policies", 25_000, 4, 3, 4, false),
          new EngineTown("100 namespaces x 1,000 pods x 101 policies", 100, 1_000, 101, 100, false),
          new EngineTown(
              "1 namespace x 10,000 pods x 10,000 policies", 1, 10_000, 10_000, 1_000, false),
          new EngineTown("100 x 1,000 x 101, all labels unique", 100, 1_000, 101, 100, true));

  static final String NODE = "node-0";
  private static final int TEAMS = 50;

  int pods() {
    return namespaces * podsEach;
  }

  private int nodes() {
    return pods() / 100;
  }

  Snapshot snapshot() {
    List<Namespace> spaces = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (int n = 0; n < namespaces; n++) {
      spaces.add(new Namespace(space(n), Map.of("team", "team-" + n % TEAMS)));
      for (int p = 0; p < podsEach; p++) {
        pods.add(pod(n, p, n * podsEach + p));
      }
    }
    for (int n = 0; n < nodes(); n++) {
      Address own = Address.ofV4((192 << 24 | 168 << 16) + n);
      Cidr range = new Cidr(Address.ofV4((10 << 24) + (n << 7)), 25);
      nodes.add(new Node("node-" + n, Map.of(), List.of(own), List.of(range)));
    }
    return new Snapshot(spaces, nodes, pods, List.of());
  }

  Policies policies() {
    List<NetworkPolicy> out = new ArrayList<>();
    for (int n = 0; n < namespaces; n++) {
      for (int p = 0; p < policiesEach; p++) {
        out.add(policy(n, p));
      }
    }
    return Policies.of(out);
  }

  static String space(int number) {
    return "space-" + number;
  }

  /// Neighbours in number are on different nodes.
  private Pod pod(int space, int inSpace, int number) {
    int node = number % nodes();
    return pod(
        new ObjectName(space(space), "pod-" + inSpace),
        labels(inSpace % apps, number),
        "node-" + node,
        Address.ofV4((10 << 24) + (node << 7) + 2 + number / nodes()));
  }

  Map<String, String> labels(int app, int number) {
    Map<String, String> labels = new HashMap<>();
    labels.put("app", "app-" + app);
    labels.put("tier", "tier-" + app % 3);
    if (unique) {
      labels.put("id", "pod-" + number);
    }
    return labels;
  }

  static Pod pod(ObjectName name, Map<String, String> labels, String node, Address address) {
    return new Pod(
        name,
        "uid-" + address,
        labels,
        Optional.of(node),
        false,
        PodAddresses.of(address),
        Phase.RUNNING,
        Optional.empty(),
        List.of(),
        new Workload(name.namespace(), "Pod", name.name()));
  }

  /// The last policy of each namespace isolates all of it; the others select one app each, in turn,
  /// and admit two other apps, a team's, and a network.
  NetworkPolicy policy(int space, int number) {
    boolean all = number == policiesEach - 1;
    int app = number % apps;
    List<Rule> rules =
        all
            ? List.of(rule(own(Map.of("app", "app-0")), 9000))
            : List.of(
                rule(own(Map.of("app", "app-" + (app + 1 + number / apps) % apps)), 8080),
                rule(own(Map.of("app", "app-" + (app + 2) % apps)), 9000 + number % 7),
                rule(ofTeam(space + 1, (app + 3) % apps), 9100),
                rule(new Peer.Block(new IpBlock(Cidr.of("203.0.113.0/24"), List.of())), 443));
    return new NetworkPolicy(
        new ObjectName(space(space), "policy-" + number),
        "uid-" + space + "-" + number,
        1,
        all ? LabelSelector.EVERYTHING : LabelSelector.labels(Map.of("app", "app-" + app)),
        all ? Set.of(Direction.INGRESS) : Set.of(Direction.INGRESS, Direction.EGRESS),
        rules,
        all ? List.of() : rules);
  }

  private static Peer own(Map<String, String> labels) {
    return new Peer.Pods(
        new NamespaceScope.PolicyNamespace(), Optional.of(LabelSelector.labels(labels)));
  }

  private static Peer ofTeam(int team, int app) {
    return new Peer.Pods(
        new NamespaceScope.Matching(LabelSelector.labels(Map.of("team", "team-" + team % TEAMS))),
        Optional.of(LabelSelector.labels(Map.of("app", "app-" + app))));
  }

  private static Rule rule(Peer peer, int port) {
    return new Rule(
        new Peers.OneOf(List.of(peer)),
        new Ports.OneOf(List.of(new PortItem.Numbers(Protocol.TCP, PortRange.only(port)))));
  }

  @Override
  public String toString() {
    return name;
  }
}
