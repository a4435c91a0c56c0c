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

/// So many policies that all select one pod, the server of a [Rig]: each admits twenty pods of its
/// own at so many ports of its own, TCP and UDP. The last one is the one that admits the client.
record Crowd(int policies, int ports) {
  static final String NODE = "node-1";

  private static final String SPACE = "crowd";
  private static final int PEERS = 20;
  private static final int PORT = 8080;

  /// The first port that one policy opens.
  int port(int policy) {
    return isLast(policy) ? PORT : 10_000 + policy * ports;
  }

  /// The addresses that one policy admits.
  List<Address> peers(int policy) {
    List<Address> out = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      out.add(Address.ofV4((10 << 24 | 245 << 16) + policy * PEERS + i));
    }
    if (isLast(policy)) {
      out.set(0, Address.of(Rig.CLIENT));
    }
    return out;
  }

  private boolean isLast(int policy) {
    return policy == policies - 1;
  }

  Snapshot snapshot() {
    List<Pod> pods = new ArrayList<>();
    pods.add(pod("server", "server", Address.of(Rig.SERVER)));
    for (int policy = 0; policy < policies; policy++) {
      for (Address peer : peers(policy)) {
        pods.add(pod("peer-" + pods.size(), "app-" + policy, peer));
      }
    }
    Node node =
        new Node(
            NODE, Map.of(), List.of(Address.of("192.168.0.1")), List.of(Cidr.of("10.244.1.0/24")));
    return new Snapshot(List.of(new Namespace(SPACE, Map.of())), List.of(node), pods, List.of());
  }

  private static Pod pod(String name, String app, Address address) {
    return new Pod(
        new ObjectName(SPACE, name),
        "uid-" + name,
        Map.of("app", app),
        Optional.of(app.equals("server") ? NODE : "node-2"),
        false,
        PodAddresses.of(address),
        Phase.RUNNING,
        Optional.empty(),
        List.of(),
        new Workload(SPACE, "Pod", name));
  }

  Policies compiled() {
    List<NetworkPolicy> out = new ArrayList<>();
    for (int policy = 0; policy < policies; policy++) {
      out.add(
          new NetworkPolicy(
              new ObjectName(SPACE, "policy-" + policy),
              "policy-uid-" + policy,
              1,
              app("server"),
              Set.of(Direction.INGRESS),
              List.of(rule(policy)),
              List.of()));
    }
    return Policies.of(out);
  }

  private Rule rule(int policy) {
    PortRange port = new PortRange(port(policy), port(policy) + ports - 1);
    return new Rule(
        new Peers.OneOf(
            List.of(
                new Peer.Pods(
                    new NamespaceScope.PolicyNamespace(), Optional.of(app("app-" + policy))))),
        new Ports.OneOf(
            List.of(
                new PortItem.Numbers(Protocol.TCP, port),
                new PortItem.Numbers(Protocol.UDP, port))));
  }

  private static LabelSelector app(String name) {
    return LabelSelector.labels(Map.of("app", name));
  }
}
