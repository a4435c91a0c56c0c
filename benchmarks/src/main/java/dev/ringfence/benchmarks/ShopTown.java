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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A generated cluster: `pods` pods in namespaces of a hundred, a hundred of them on the node that
/// is measured, and so many policies spread over the namespaces.
///
/// The two pods of the [Rig] are the first two; each is isolated both ways, with four port profiles
/// a direction and an address block.
record ShopTown(Snapshot snapshot, Policies policies) {
  static final String NODE = "node-1";
  private static final int LOCAL = 100;
  private static final int A_NAMESPACE = 100;

  static ShopTown of(int pods, int policies) {
    List<Namespace> namespaces = new ArrayList<>();
    List<Pod> all = new ArrayList<>();
    for (int i = 0; i < pods; i++) {
      if (i % A_NAMESPACE == 0) {
        int number = i / A_NAMESPACE;
        namespaces.add(new Namespace(namespace(number), Map.of("town", "t" + number % 7)));
      }
      all.add(pod(i));
    }
    List<NetworkPolicy> network = new ArrayList<>();
    for (int i = 0; i < policies; i++) {
      network.add(policy(i, policies, namespaces.size()));
    }
    Node node =
        new Node(
            NODE, Map.of(), List.of(Address.of("192.168.0.1")), List.of(Cidr.of("10.244.1.0/24")));
    return new ShopTown(
        new Snapshot(namespaces, List.of(node), all, List.of()), Policies.of(network));
  }

  private static String namespace(int number) {
    return "town-" + number;
  }

  private static Pod pod(int number) {
    ObjectName name = new ObjectName(namespace(number / A_NAMESPACE), "pod-" + number);
    return new Pod(
        name,
        "uid-" + number,
        Map.of("app", "app-" + number % 10, "tier", "tier-" + number % 3),
        Optional.of(number < LOCAL ? NODE : "node-" + (2 + number / LOCAL)),
        false,
        PodAddresses.of(Address.ofV4((10 << 24 | 244 << 16 | 1 << 8) + number + 2)),
        Phase.RUNNING,
        Optional.empty(),
        List.of(),
        new Workload(name.namespace(), "Pod", name.name()));
  }

  /// Policy 0 selects the whole first namespace, where the measured pods live; the others select
  /// one app of one namespace each, in turn.
  private static NetworkPolicy policy(int number, int policies, int namespaces) {
    int where = policies == 1 ? 0 : number % Math.min(policies, namespaces);
    LabelSelector subject =
        number == 0 ? LabelSelector.EVERYTHING : app((number / namespaces) % 10);
    List<Rule> rules =
        List.of(
            rule(pods(where, LabelSelector.EVERYTHING), 8080),
            rule(pods((where + 1) % namespaces, app(number % 10)), 9000 + number % 50),
            rule(pods((where + 2) % namespaces, app((number + 1) % 10)), 9100),
            rule(pods((where + 3) % namespaces, app((number + 2) % 10)), 9200),
            rule(
                new Peer.Block(
                    new IpBlock(Cidr.of("203.0.113.0/24"), List.of(Cidr.of("203.0.113.128/25")))),
                443));
    return new NetworkPolicy(
        new ObjectName(namespace(where), "policy-" + number),
        "policy-uid-" + number,
        1,
        subject,
        Set.of(Direction.INGRESS, Direction.EGRESS),
        rules,
        rules);
  }

  private static Peer pods(int namespace, LabelSelector pods) {
    return new Peer.Pods(
        new NamespaceScope.Matching(
            LabelSelector.labels(Map.of(Namespace.NAME_LABEL, namespace(namespace)))),
        Optional.of(pods));
  }

  private static LabelSelector app(int number) {
    return LabelSelector.labels(Map.of("app", "app-" + number));
  }

  private static Rule rule(Peer peer, int port) {
    PortRange only = PortRange.only(port);
    return new Rule(
        new Peers.OneOf(List.of(peer)),
        new Ports.OneOf(
            List.of(
                new PortItem.Numbers(Protocol.TCP, only),
                new PortItem.Numbers(Protocol.UDP, only))));
  }
}
