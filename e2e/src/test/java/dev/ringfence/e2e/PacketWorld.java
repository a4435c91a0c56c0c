package dev.ringfence.e2e;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.World;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.scenario.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Everybody in a random world who can send and hear, and the shots between them.
final class PacketWorld implements AutoCloseable {
  private static final List<Integer> HEARD =
      List.of(
          Packets.ICMP,
          Packets.TCP,
          Packets.UDP,
          Packets.ICMPV6,
          Packets.SCTP,
          Packets.EXPERIMENT,
          Packets.OTHER_EXPERIMENT);

  /// Addresses that no router passes on, or that the lab's wires use.
  private static final List<Cidr> NOT_ROUTED =
      List.of(
          Cidr.of("0.0.0.0/8"),
          Cidr.of("127.0.0.0/8"),
          Cidr.of("169.254.0.0/16"),
          Cidr.of("224.0.0.0/3"),
          Cidr.of("::/8"),
          Cidr.of("fe80::/10"),
          Cidr.of("ff00::/8"));

  private static final List<Integer> EDGES =
      List.of(1, 2, 53, 79, 80, 81, 82, 443, 8080, 8081, 8082, 9000, 65_534, 65_535);

  private static final int MOST_PORTS = 6;
  private static final int MOST_STRANGERS = 4;

  private final World world;
  private final Snapshot snapshot;
  private final Dice dice;
  private final List<Somebody> everybody = new ArrayList<>();
  private int clientPort = 10_000;

  /// Whoever has this address.
  ///
  /// @param node which node it is, or is on; empty outside
  private record Somebody(
      Address address, Endpoint endpoint, Space space, Ear ear, String node, Kind kind) {}

  private enum Kind {
    POD,
    NODE,
    STRANGER
  }

  PacketWorld(World world, Town town) throws Exception {
    this.world = world;
    this.snapshot = town.scenario().snapshot();
    this.dice = new Dice(world.seed());
    for (End.OfPod pod : town.scenario().pods()) {
      Space space = town.pod(pod.pod().name().name());
      Ear ear = Ear.atWires(space);
      String node = pod.pod().node().orElseThrow();
      pod.addresses().forEach(at -> add(at, space, ear, node, Kind.POD));
    }
    for (Node node : snapshot.nodes().values()) {
      Space space = town.node(node.name());
      Ear ear = Ear.behindRules(space, HEARD);
      node.addresses().forEach(at -> add(at, space, ear, node.name(), Kind.NODE));
    }
    Space outside = town.outside();
    Ear ear = Ear.atWires(outside);
    strangers().forEach(at -> add(at, outside, ear, "", Kind.STRANGER));
  }

  private void add(Address at, Space space, Ear ear, String node, Kind kind) {
    everybody.add(new Somebody(at, snapshot.resolve(at), space, ear, node, kind));
  }

  /// Some addresses outside, edges of blocks among them, and of the pod network some that nobody
  /// has.
  private List<Address> strangers() {
    List<Address> out = new ArrayList<>();
    for (Family family : Family.values()) {
      List<Address> outside =
          world.outside().stream()
              .filter(at -> at.family() == family)
              .filter(at -> NOT_ROUTED.stream().noneMatch(range -> range.contains(at)))
              .toList();
      out.addAll(dice.shuffled(outside).stream().limit(MOST_STRANGERS).toList());
    }
    for (Node node : snapshot.nodes().values()) {
      for (Cidr range : node.podCidrs()) {
        Address last = range.last().previous().orElseThrow();
        if (snapshot.resolve(last) instanceof Endpoint.UnknownPod) {
          out.add(last);
        }
      }
    }
    return out;
  }

  /// Between every two of whom one is a pod, on some of the ports that matter.
  List<Shot> shots() {
    List<Shot> out = new ArrayList<>();
    for (Somebody from : everybody) {
      for (Somebody to : everybody) {
        boolean meet = from.kind() == Kind.POD || to.kind() == Kind.POD;
        if (meet && !from.space().equals(to.space()) && reachable(from, to)) {
          shots(from, to, out);
        }
      }
    }
    return out;
  }

  /// The same packets with marks of their own.
  List<Shot> again(List<Shot> shots) {
    everybody.forEach(one -> one.ear().forget());
    return shots.stream().map(Shot::again).toList();
  }

  /// Addresses of nobody on the sender's own node have no route, whatever a policy says.
  private boolean reachable(Somebody from, Somebody to) {
    Node home = snapshot.nodes().get(from.node());
    boolean ownNetwork =
        home != null
            && to.kind() == Kind.STRANGER
            && home.podCidrs().stream().anyMatch(range -> range.contains(to.address()));
    return from.address().family() == to.address().family() && !ownNetwork;
  }

  private void shots(Somebody from, Somebody to, List<Shot> out) {
    List<Integer> ports = dice.shuffled(List.copyOf(ports(to)));
    for (int port : ports.subList(0, MOST_PORTS)) {
      out.add(shot(from, to, flow(from, to, Protocol.TCP, port), Packets.TCP));
      out.add(shot(from, to, flow(from, to, Protocol.UDP, port), Packets.UDP));
    }
    out.add(shot(from, to, flow(from, to, Protocol.SCTP, ports.getFirst()), Packets.SCTP));
    Flow other = Flow.other(from.endpoint(), to.endpoint());
    // Without ports a packet the other way is an answer: each way has a protocol of its own.
    boolean upwards = from.address().compareTo(to.address()) < 0;
    out.add(shot(from, to, other, upwards ? Packets.EXPERIMENT : Packets.OTHER_EXPERIMENT));
    out.add(shot(from, to, other, Shot.echo(from.address().family())));
  }

  private static Flow flow(Somebody from, Somebody to, Protocol protocol, int port) {
    return Flow.of(from.endpoint(), to.endpoint(), protocol, port);
  }

  private Shot shot(Somebody from, Somebody to, Flow flow, int protocol) {
    clientPort = clientPort == 60_000 ? 10_000 : clientPort + 1;
    return new Shot(from.space(), to.ear(), flow, protocol, clientPort);
  }

  private static Set<Integer> ports(Somebody to) {
    Set<Integer> out = new TreeSet<>(EDGES);
    if (to.endpoint() instanceof Endpoint.OfPod(var pod, var at)) {
      pod.ports().stream().map(ContainerPort::number).forEach(out::add);
    }
    return out;
  }

  @Override
  public void close() {
    everybody.forEach(one -> one.ear().close());
  }
}
