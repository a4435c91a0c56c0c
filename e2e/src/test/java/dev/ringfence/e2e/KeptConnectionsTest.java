package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.DataplaneOptions.Denial;
import dev.ringfence.nftables.table.Established;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// With `--established=keep` what was accepted stays, at every node it crosses (S85), and new
/// connections follow the new state (S86).
///
/// `c` asks `b` on the other node, and `a` on its own.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class KeptConnectionsTest {
  private static final DataplaneOptions KEEP =
      EnforcedNode.OPEN_TO_EDITS.with(Established.Keep.STANDARD);

  private static final int PORT = 8080;

  private static final String ALLOWING =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{podSelector: {matchLabels: {app: c}}}]
          ports: [{port: 8080}, {port: 8080, protocol: UDP}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: c}}
        policyTypes: [Ingress, Egress]
        egress:
        - to: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}}]
      """;

  /// As above, but the first denies at the destination and the second at the source.
  private static final List<String> DENYING =
      List.of(
          ALLOWING.replace("port: 8080", "port: 8081"),
          ALLOWING.replace("operator: In, values: [a, b]}]}}]", "operator: In, values: [d]}]}}]"));

  private final Town town;
  private final Space b;
  private final Space c;
  private final Ear atB;
  private final Ear atC;

  KeptConnectionsTest() throws Exception {
    town = Town.routed(KEEP, "a@node-2", "b@node-1", "c@node-2");
    b = town.pod("b");
    c = town.pod("c");
    atB = Ear.atWires(b);
    atC = Ear.atWires(c);
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    town.enforceNothing();
    forgetConnections();
  }

  private void forgetConnections() {
    for (String node : List.of("node-1", "node-2")) {
      town.node(node).run("conntrack", "-F");
    }
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    atC.close();
    town.close();
  }

  static Stream<Arguments> talks() {
    return Stream.of(Family.values())
        .flatMap(family ->
            Stream.of(Protocol.TCP, Protocol.UDP)
                .flatMap(
                    protocol -> Stream.of("a", "b").map(to -> Arguments.of(protocol, family, to))));
  }

  static Stream<Arguments> talksToB() {
    return talks().filter(one -> one.get()[2].equals("b"));
  }

  private Talk talk(Protocol protocol, Family family, String to) throws Exception {
    Talk talk = Talk.open(protocol, c, town.pod(to), town.address(to, family), PORT);
    goesOn(talk);
    return talk;
  }

  private static void goesOn(Talk talk) throws Exception {
    talk.clientSays("question");
    assertEquals("question", talk.serverHears());
    talk.serverSays("answer");
    assertEquals("answer", talk.clientHears());
  }

  private static void isCut(Talk talk) throws Exception {
    talk.clientSays("question");
    talk.serverHearsNothing();
    talk.serverSays("answer");
    talk.clientHearsNothing();
  }

  private Traffic.Packet udp(int port, Family family) {
    return payload ->
        Packets.udp(town.address("c", family), port, town.address("b", family), PORT, payload);
  }

  private Traffic.Packet tcp(int port, int flags, Family family) {
    return payload ->
        Packets.tcp(
            town.address("c", family), port, town.address("b", family), PORT, flags, payload);
  }

  /// A question and its answer.
  private void asked(int port, Family family) throws Exception {
    passes("the question", c, atB, udp(port, family));
    passes(
        "the answer",
        b,
        atC,
        payload ->
            Packets.udp(town.address("b", family), PORT, town.address("c", family), port, payload));
  }

  /// What no state has ever allowed at both nodes is not kept by the one that did.
  @ParameterizedTest
  @EnumSource
  void whatOneNodeDeniedIsNotKeptByTheOther(Family family) throws Exception {
    town.enforce(DENYING.getFirst());
    dropped("at its destination", c, atB, udp(4000, family));
    dropped("a SYN, at its destination", c, atB, tcp(4000, Packets.SYN, family));
    town.enforce(DENYING.getLast());
    dropped("at its source", c, atB, udp(4000, family));
    dropped("a SYN, at its source", c, atB, tcp(4000, Packets.SYN, family));
  }

  @ParameterizedTest
  @MethodSource("talks")
  void staysWhoeverDenies(Protocol protocol, Family family, String to) throws Exception {
    town.enforce(ALLOWING);
    try (Talk talk = talk(protocol, family, to)) {
      for (String denying : DENYING) {
        town.enforce(denying);
        goesOn(talk);
        dropped("a new connection", c, atB, tcp(4002, Packets.SYN, family));
      }
      town.restart();
      town.enforce(DENYING.getFirst());
      goesOn(talk);
      dropped("a new flow", c, atB, udp(4003, family));
    }
  }

  /// A connection that connection tracking lost and found again is judged as any other.
  @ParameterizedTest
  @MethodSource("talksToB")
  void whatWasPickedUpIsJudged(Protocol protocol, Family family, String to) throws Exception {
    town.enforce(ALLOWING);
    try (Talk talk = talk(protocol, family, to)) {
      town.enforce(DENYING.getFirst());
      goesOn(talk);
      forgetConnections();
      isCut(talk);
    }
  }

  /// A SYN on the ports of a kept connection opens another.
  @ParameterizedTest
  @EnumSource
  void anotherConnectionOnTheSamePortsIsNew(Family family) throws Exception {
    town.enforce(ALLOWING);
    try (Talk talk = talk(Protocol.TCP, family, "b")) {
      int port = ((TcpTalk) talk).clientPort();
      passes("a SYN, allowed", c, atB, tcp(port, Packets.SYN, family));
      for (String denying : DENYING) {
        town.enforce(denying);
        dropped("a SYN", c, atB, tcp(port, Packets.SYN, family));
        goesOn(talk);
      }
      for (String node : List.of("node-1", "node-2")) {
        town.enforced(node).withoutRules("kept", "tcp flags");
      }
      passes("a SYN, without the rule", c, atB, tcp(port, Packets.SYN, family));
    }
  }

  /// Errors go with the connection that they tell of (S74).
  @ParameterizedTest
  @EnumSource
  void errorsOfKeptConnectionsPass(Family family) throws Exception {
    town.enforce(ALLOWING);
    asked(4000, family);
    town.enforce(DENYING.getLast());
    passes("its error", b, atC, payload -> unreachable(4000, family, payload));
    dropped("an error about nothing", b, atC, payload -> unreachable(4009, family, payload));
  }

  private byte[] unreachable(int port, Family family, byte[] payload) {
    byte[] about = udp(port, family).with(payload);
    int type = family == Family.IPV4 ? 3 : 1;
    int code = family == Family.IPV4 ? 3 : 4;
    return Packets.icmp(
        town.address("b", family), town.address("c", family), type, code, 0, 64, about);
  }

  /// What a connection announced inherits its mark, and is judged all the same: here `b`, which may
  /// open nothing, is expected at a port of `c`.
  @ParameterizedTest
  @EnumSource
  void whatAnotherAnnouncedIsJudged(Family family) throws Exception {
    String ip = family == Family.IPV4 ? "ip" : "ip6";
    for (String node : List.of("node-1", "node-2")) {
      town.node(node)
          .feed(
              """
              table inet announcing {
                ct expectation data { protocol udp; dport 9876; timeout 1m; size 5; l3proto %s; }
                chain pre {
                  type filter hook prerouting priority 0;
                  udp dport %d ct state new ct expectation set "data"
                }
              }
              """
                  .formatted(ip, PORT),
              "nft",
              "-f",
              "-");
    }
    try {
      town.enforce(ALLOWING);
      asked(4000, family);
      Traffic.Packet data =
          payload ->
              Packets.udp(
                  town.address("b", family), 5000, town.address("c", family), 9876, payload);
      dropped("what it announced", b, atC, data);
      for (String node : List.of("node-1", "node-2")) {
        town.enforced(node).withoutRules("kept", "expected");
        town.node(node).run("conntrack", "-F", "expect");
      }
      asked(4001, family);
      passes("what it announced, without the rule", b, atC, data);
    } finally {
      for (String node : List.of("node-1", "node-2")) {
        town.node(node).run("nft", "delete", "table", "inet", "announcing");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersAreRejectedWhileItStays(Family family) throws Exception {
    var rejecting = new DataplaneOptions(false, Denial.REJECT, false, 5242, KEEP.established());
    try (Town other = Town.routed(rejecting, "b@node-1", "c@node-1")) {
      other.enforce(ALLOWING);
      Space client = other.pod("c");
      Space server = other.pod("b");
      try (Talk talk = Talk.open(Protocol.UDP, client, server, other.address("b", family), PORT)) {
        goesOn(talk);
        other.enforce(DENYING.getFirst());
        goesOn(talk);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("talksToB")
  void staysOnABridge(Protocol protocol, Family family, String to) throws Exception {
    try (Town bridged =
        Town.of(Town.scenario("a@node-1", "b@node-1", "c@node-1"), KEEP, new BridgeWiring())) {
      bridged.enforce(ALLOWING);
      try (Talk talk =
          Talk.open(
              protocol, bridged.pod("c"), bridged.pod(to), bridged.address(to, family), PORT)) {
        goesOn(talk);
        for (String denying : DENYING) {
          bridged.enforce(denying);
          goesOn(talk);
        }
      }
    }
  }

  /// A Service's address leads to `b`; where that changes, what is open keeps its backend.
  @ParameterizedTest
  @EnumSource
  void staysThroughAService(Family family) throws Exception {
    String ip = family == Family.IPV4 ? "ip" : "ip6";
    Address service = Address.of(family == Family.IPV4 ? "10.96.0.10" : "fd96::10");
    String to = town.address("b", family).toString();
    town.node("node-2")
        .feed(
            """
            table %1$s proxy {
              chain prerouting {
                type nat hook prerouting priority dstnat;
                %1$s daddr %2$s udp dport 80 dnat to %3$s
              }
              chain postrouting { type nat hook postrouting priority srcnat; masquerade; }
            }
            """
                .formatted(
                    ip, service, family == Family.IPV4 ? to + ":" + PORT : "[" + to + "]:" + PORT),
            "nft",
            "-f",
            "-");
    try (DatagramChannel server = b.inside(() -> DatagramChannel.open().bind(at(null, PORT)));
        DatagramChannel client = c.inside(DatagramChannel::open)) {
      // The masquerade makes the node the opener at b's node, which judges ingress.
      town.enforce(ALLOWING.replaceAll("(?s).*---\n", ""));
      client.connect(at(service, 80));
      answered(client, server);
      town.enforce(DENYING.getLast().replaceAll("(?s).*---\n", ""));
      answered(client, server);
      dropped("b itself, anew", c, atB, udp(4001, family));
    } finally {
      town.node("node-2").run("nft", "delete", "table", ip, "proxy");
    }
  }

  private static InetSocketAddress at(@Nullable Address address, int port) throws Exception {
    return address == null
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
  }

  private static void answered(DatagramChannel client, DatagramChannel server) throws Exception {
    client.socket().setSoTimeout(5000);
    server.socket().setSoTimeout(5000);
    client.write(ByteBuffer.wrap(new byte[] {1}));
    DatagramPacket question = new DatagramPacket(new byte[10], 10);
    server.socket().receive(question);
    server.send(ByteBuffer.wrap(new byte[] {2}), question.getSocketAddress());
    client.socket().receive(new DatagramPacket(new byte[10], 10));
  }

  /// The agent as people run it: it keeps what it accepted, and not for whoever gets the address.
  @ParameterizedTest
  @EnumSource
  void theAgentNoticesAnotherOwner(Family family, @TempDir Path folder) throws Exception {
    try (Town one = Town.routed(KEEP, "a@node-1", "b@node-1", "c@node-1");
        AgentInNode agent =
            AgentInNode.start(one, folder, KEEP, Duration.ofMillis(100), ALLOWING)) {
      assertEquals("keep", agent.status().table().established());
      try (Talk talk =
          Talk.open(Protocol.UDP, one.pod("c"), one.pod("b"), one.address("b", family), PORT)) {
        goesOn(talk);
        agent.await(status -> status.table().judgedAnew() == 0);
        agent.follow(DENYING.getLast());
        goesOn(talk);
        assertTrue(agent.proved());
        agent.renamed(one, "b", "other");
        isCut(talk);
        assertTrue(agent.proved());
        agent.await(status -> status.table().judgedAnew() == 0);
        isCut(talk);
        assertTrue(agent.proved());
      }
    }
  }
}
