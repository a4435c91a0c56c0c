package dev.ringfence.nftables.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.connections.Connection;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.table.TableInterpreter.Packet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the tables of a cluster's nodes do to a packet is what the evaluator says of its flow, and
/// so is what a [Judgement] says of its connection.
class TableLaws {
  private static final int ESTABLISHED = 2;
  private static final int NEW = 8;
  private static final int UNTRACKED = 64;
  private static final int CLIENT_PORT = 47_001;

  static LongStream seeds() {
    return Seeds.some(150);
  }

  private record Nodes(
      Function<String, NodePolicy> compiled,
      Map<String, TableInterpreter> tables,
      Map<String, Judgement> judgements) {
    Judgement judgementOf(String node) {
      return judgements.computeIfAbsent(node, n -> new Judgement(compiled.apply(n)));
    }

    TableInterpreter of(String node) {
      return tables.computeIfAbsent(
          node,
          n ->
              new TableInterpreter(
                  PolicyTable.of(
                      NftTable.plain(Names.POLICY, ""),
                      compiled.apply(n),
                      Optional.empty(),
                      DataplaneOptions.STANDARD,
                      1,
                      TableContent.empty(NftTable.plain(Names.POLICY, "")),
                      new Renderings())));
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void tablesAgreeWithTheEvaluator(long seed) {
    World world = World.random(seed);
    check(world, new Nodes(world.compile()::forNode, new HashMap<>(), new HashMap<>()));
    check(world, new Nodes(world::tight, new HashMap<>(), new HashMap<>()));
  }

  private static void check(World world, Nodes nodes) {
    Evaluator evaluator = world.evaluator();
    for (Flow flow : world.flows()) {
      if (!isForwarded(flow)) {
        continue;
      }
      Flow back =
          new Flow(flow.to(), flow.from(), flow.protocol(), clientPort(flow), flow.viaService());
      boolean there = evaluator.decide(flow).allowed();
      boolean both = there && evaluator.decide(back).allowed();
      check(nodes, flow, ESTABLISHED, there);
      check(nodes, flow, UNTRACKED, both);
      check(nodes, flow, NEW, flow.protocol() == Protocol.TCP ? both : there);
      assertEquals(there, isKept(nodes, flow), () -> "judged without a packet: " + flow);
    }
  }

  /// What is said of a connection whose end changed hands.
  private static boolean isKept(Nodes nodes, Flow flow) {
    Packet packet = packet(flow, ESTABLISHED);
    Connection connection =
        new Connection(
            packet.from(),
            packet.to(),
            packet.protocol(),
            flow.protocol().hasPorts() ? OptionalInt.of(packet.toPort()) : OptionalInt.empty(),
            new Connection.Key(0, Bytes.EMPTY, Optional.empty()));
    return Stream.of(flow.from(), flow.to())
        .map(TableLaws::node)
        .flatMap(Optional::stream)
        .distinct()
        .allMatch(node -> nodes.judgementOf(node).allows(connection));
  }

  private static void check(Nodes nodes, Flow flow, int state, boolean allowed) {
    Packet packet = packet(flow, state);
    boolean passes =
        Stream.of(flow.from(), flow.to())
            .map(TableLaws::node)
            .flatMap(Optional::stream)
            .distinct()
            .allMatch(node -> nodes.of(node).passes("forward", packet));
    assertEquals(allowed, passes, () -> "state " + state + ", " + flow);
  }

  /// Both ends have an address of one family and, if pods, a node; they are not a pod and its own
  /// node, or one pod.
  private static boolean isForwarded(Flow flow) {
    Optional<Address> from = flow.from().address();
    Optional<Address> to = flow.to().address();
    boolean addressed =
        from.isPresent() && to.isPresent() && from.get().family() == to.get().family();
    boolean own = isNodeOf(flow.from(), flow.to()) || isNodeOf(flow.to(), flow.from());
    boolean self = from.equals(to) && !flow.viaService();
    boolean placed = isPlaced(flow.from()) && isPlaced(flow.to());
    return addressed && placed && !own && !self && !samePod(flow);
  }

  private static boolean isPlaced(Endpoint end) {
    return !(end instanceof Endpoint.OfPod) || node(end).isPresent();
  }

  private static boolean isNodeOf(Endpoint end, Endpoint pod) {
    return end instanceof Endpoint.OfNode(var name, _)
        && node(pod).filter(name::equals).isPresent();
  }

  private static boolean samePod(Flow flow) {
    return flow.from() instanceof Endpoint.OfPod(var a, _)
        && flow.to() instanceof Endpoint.OfPod(var b, _)
        && a.name().equals(b.name())
        && !flow.viaService();
  }

  private static Optional<String> node(Endpoint end) {
    return end instanceof Endpoint.OfPod(var pod, _) ? pod.node() : Optional.empty();
  }

  private static OptionalInt clientPort(Flow flow) {
    return flow.protocol().hasPorts() ? OptionalInt.of(CLIENT_PORT) : OptionalInt.empty();
  }

  private static Packet packet(Flow flow, int state) {
    Address from = flow.from().address().orElseThrow();
    Address to = flow.to().address().orElseThrow();
    int port = flow.port().orElse(0);
    int protocol =
        switch (flow.protocol()) {
          case TCP -> 6;
          case UDP -> 17;
          case SCTP -> 132;
          case OTHER -> from.family() == Family.IPV4 ? 1 : 58;
        };
    Bytes bytes =
        switch (flow.protocol()) {
          case TCP -> Forge.tcp(from, to, CLIENT_PORT, port, Forge.TCP_ACK);
          case UDP -> Forge.udp(from, to, CLIENT_PORT, port, "");
          case SCTP -> Forge.ip(from, to, 132, 64, ports(port));
          case OTHER -> Forge.ip(from, to, protocol, 64, Bytes.of(128, 0, 0, 0, 0, 0, 0, 0));
        };
    return new Packet(
        from, to, protocol, flow.protocol().hasPorts() ? CLIENT_PORT : 0, port, state, bytes);
  }

  private static Bytes ports(int port) {
    return Bytes.ofShort(CLIENT_PORT).then(Bytes.ofShort(port)).then(Bytes.of(0, 0, 0, 0));
  }
}
