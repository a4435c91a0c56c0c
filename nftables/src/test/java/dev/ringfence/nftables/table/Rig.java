package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One node and its pods `a`, `b`, … as network namespaces, dual stack, routed or on a bridge.
final class Rig implements AutoCloseable {
  static final Address NODE_4 = Address.of("192.0.2.1");
  static final Address NODE_6 = Address.of("2001:db8::1");

  private final ScratchNamespace node;
  private final List<TestPod> pods = new ArrayList<>();
  private final Map<ObjectName, Wire> wires = new HashMap<>();

  private Rig(ScratchNamespace node) {
    this.node = node;
  }

  static Rig routed(int pods) {
    Rig rig = empty();
    for (int i = 0; i < pods; i++) {
      TestPod pod = rig.pod(i);
      rig.node.runAll(
          """
          ip link add %1$s type veth peer name eth0 netns %2$s
          ip address add 169.254.1.1/32 dev %1$s
          ip address add fe80::1/64 dev %1$s nodad
          ip link set %1$s up
          ip route add %3$s dev %1$s
          ip -6 route add %4$s dev %1$s
          """
              .formatted(wire(i), pod.namespace().name(), pod.v4(), pod.v6()));
      pod.namespace()
          .runAll(
              """
              ip address add %s/32 dev eth0
              ip address add %s/128 dev eth0 nodad
              ip link set eth0 up
              ip route add default via 169.254.1.1 dev eth0 onlink
              ip -6 route add default via fe80::1 dev eth0
              """
                  .formatted(pod.v4(), pod.v6()));
      rig.wires.put(pod.name(), Wire.routed(wire(i)));
    }
    return rig;
  }

  static Rig bridged(int pods) {
    Rig rig = empty();
    rig.node.runAll(
        """
        ip link add br0 type bridge mcast_snooping 0
        ip address add 10.44.0.1/24 dev br0
        ip address add fd00:44::1/64 dev br0 nodad
        ip link set br0 up
        sysctl -qw net.bridge.bridge-nf-call-iptables=1
        sysctl -qw net.bridge.bridge-nf-call-ip6tables=1
        """);
    for (int i = 0; i < pods; i++) {
      TestPod pod = rig.pod(i);
      rig.node.runAll(
          """
          ip link add %1$s type veth peer name eth0 netns %2$s
          ip link set %1$s master br0
          ip link set %1$s up
          """
              .formatted(wire(i), pod.namespace().name()));
      pod.namespace()
          .runAll(
              """
              ip link set eth0 address 02:00:00:00:00:%02x
              ip address add %s/24 dev eth0
              ip address add %s/64 dev eth0 nodad
              ip link set eth0 up
              ip route add default via 10.44.0.1
              ip -6 route add default via fd00:44::1
              """
                  .formatted(i, pod.v4(), pod.v6()));
      rig.wires.put(
          pod.name(), new Wire(wire(i), 0, true, Optional.of(Bytes.of(2, 0, 0, 0, 0, i))));
    }
    return rig;
  }

  private static Rig empty() {
    Rig rig = new Rig(ScratchNamespace.create());
    rig.node.runAll(
        """
        sysctl -qw net.ipv4.ip_forward=1
        sysctl -qw net.ipv6.conf.all.forwarding=1
        sysctl -qw net.ipv4.conf.all.rp_filter=0
        sysctl -qw net.ipv4.conf.default.rp_filter=0
        sysctl -qw net.ipv6.conf.default.accept_dad=0
        ip address add %s/32 dev lo
        ip address add %s/128 dev lo nodad
        """
            .formatted(NODE_4, NODE_6));
    return rig;
  }

  private TestPod pod(int index) {
    ScratchNamespace namespace = ScratchNamespace.create();
    namespace.runAll(
        """
        sysctl -qw net.ipv6.conf.default.accept_dad=0
        sysctl -qw net.ipv4.conf.all.rp_filter=0
        sysctl -qw net.ipv4.conf.default.rp_filter=0
        """);
    TestPod pod =
        new TestPod(
            new ObjectName("test", String.valueOf((char) ('a' + index))),
            namespace,
            Address.of("10.44.0." + (10 + index)),
            Address.of("fd00:44::" + (10 + index)));
    pods.add(pod);
    return pod;
  }

  static String wire(int index) {
    return "rfw" + index;
  }

  ScratchNamespace node() {
    return node;
  }

  /// On which the node listens, as on its pods' sides.
  TestPod nodeAsPod() {
    return new TestPod(new ObjectName("", "node"), node, NODE_4, NODE_6);
  }

  TestPod a() {
    return pods.get(0);
  }

  TestPod b() {
    return pods.get(1);
  }

  TestPod c() {
    return pods.get(2);
  }

  /// The link address that this pod's frames go to on their way to another pod.
  Bytes nextHop(TestPod from, TestPod to) throws Exception {
    return bridged() ? to.hardware() : nodeAsPod().link(wire(pods.indexOf(from)));
  }

  private boolean bridged() {
    return wires.values().stream().anyMatch(Wire::bridged);
  }

  Wires wires() {
    return new Wires(wires);
  }

  /// A policy under which nobody is isolated.
  NodePolicy free() {
    return policy(Optional.empty(), Optional.empty());
  }

  /// A policy for the pod `b` alone: who may come in, at which ports.
  NodePolicy ingressOfB(List<Admission> pods, List<Span> spans) {
    return policy(
        Optional.of(
            new Group("in", Direction.INGRESS, List.of("networkpolicy/test/b"), pods, spans)),
        Optional.empty());
  }

  /// A policy for the pod `a` alone: where it may go, at which ports.
  NodePolicy egressOfA(List<Admission> pods, List<Span> spans) {
    return policy(
        Optional.empty(),
        Optional.of(
            new Group("out", Direction.EGRESS, List.of("networkpolicy/test/a"), pods, spans)));
  }

  /// Only `a` may reach `b`, at these ports.
  NodePolicy onlyAReachesB(PortSet ports) {
    return ingressOfB(List.of(new Admission("as", ports)), List.of());
  }

  private NodePolicy policy(Optional<Group> ingressOfB, Optional<Group> egressOfA) {
    List<LocalPod> local = new ArrayList<>();
    Map<String, Group> groups = new HashMap<>();
    ingressOfB.ifPresent(group -> groups.put(group.id(), group));
    egressOfA.ifPresent(group -> groups.put(group.id(), group));
    for (TestPod pod : pods) {
      local.add(
          new LocalPod(
              pod.name(),
              List.of(pod.v4(), pod.v6()),
              pod.equals(b()) ? ingressOfB.map(Group::id) : Optional.empty(),
              pod.equals(a()) ? egressOfA.map(Group::id) : Optional.empty()));
    }
    Map<String, PeerSet> sets =
        Map.of(
            "as", new PeerSet("as", "pod=a", Set.of(a().v4(), a().v6())),
            "bs", new PeerSet("bs", "pod=b", Set.of(b().v4(), b().v6())));
    return new NodePolicy("node-1", local, groups, sets);
  }

  @Override
  public void close() {
    pods.forEach(pod -> pod.namespace().close());
    node.close();
  }
}
