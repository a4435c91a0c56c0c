package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Packets of which conntrack does not know the connection, or got it the wrong way round: they
/// pass where both ways would be allowed, and only there.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class UnsureConnectionsTest {
  private static final int PORT = 8080;
  private static final int CLIENT = 40_000;

  /// Nobody may open anything to `b`, which itself may open everything.
  private static final String NOTHING_TO_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec: {podSelector: {matchLabels: {app: b}}}
      """;

  /// Only `b`'s port 8080 may be opened, by everybody.
  private static final String PORT_OF_B =
      NOTHING_TO_B.replace(
          "}}}", "}}, ingress: [{ports: [{port: 8080}, {port: 8080, protocol: UDP}]}]}");

  /// `b` may open what it likes, but is opened by `c` alone.
  private static final String ONLY_C_TO_B =
      NOTHING_TO_B.replace(
          "}}}", "}}, ingress: [{from: [{podSelector: {matchLabels: {app: c}}}]}]}");

  private static final String NO_TRACKING =
      """
      table inet untracked {
        chain prerouting { type filter hook prerouting priority raw; notrack; }
        chain output { type filter hook output priority raw; notrack; }
      }
      """;

  private final Town town;
  private final Space a;
  private final Space b;
  private final Space c;
  private final Space node;
  private final Ear atA;
  private final Ear atB;
  private final Ear atC;

  UnsureConnectionsTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "a@node-1", "b@node-1", "c@node-1");
    a = town.pod("a");
    b = town.pod("b");
    c = town.pod("c");
    node = town.node("node-1");
    atA = Ear.atWires(a);
    atB = Ear.atWires(b);
    atC = Ear.atWires(c);
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    town.enforceNothing();
  }

  @AfterAll
  void close() throws Exception {
    atA.close();
    atB.close();
    atC.close();
    town.close();
  }

  private Traffic.Packet ack(String from, int fromPort, String to, int toPort, Family family) {
    return payload ->
        Packets.tcp(
            town.address(from, family),
            fromPort,
            town.address(to, family),
            toPort,
            Packets.ACK,
            payload);
  }

  private Traffic.Packet udp(String from, int fromPort, String to, int toPort, Family family) {
    return payload ->
        Packets.udp(
            town.address(from, family), fromPort, town.address(to, family), toPort, payload);
  }

  private void forgetConnections() {
    node.run("conntrack", "-F");
  }

  @ParameterizedTest
  @EnumSource
  void segmentOutOfNowhereIsJudgedBothWays(Family family) throws Exception {
    town.enforce(NOTHING_TO_B);
    dropped("a asks", a, atB, ack("a", CLIENT, "b", PORT, family));
    forgetConnections();
    dropped("b seems to answer a", b, atA, ack("b", PORT, "a", CLIENT, family));
    forgetConnections();
    passes("neither is isolated", c, atA, ack("c", PORT, "a", CLIENT, family));
    town.enforced("node-1").withoutRules("forward", "jump careful");
    passes("b answers, without the rule", b, atA, ack("b", PORT, "a", CLIENT, family));
  }

  @ParameterizedTest
  @EnumSource
  void segmentOutOfNowherePassesWhereBothWaysAreAllowed(Family family) throws Exception {
    town.enforce(PORT_OF_B);
    forgetConnections();
    passes("an answer from the open port", b, atA, ack("b", PORT, "a", CLIENT, family));
    forgetConnections();
    dropped("an answer from another", b, atA, ack("b", PORT + 1, "a", CLIENT, family));
    forgetConnections();
    passes("a question to the open port", a, atB, ack("a", CLIENT, "b", PORT, family));
    forgetConnections();
    dropped("a question to another", a, atB, ack("a", CLIENT, "b", PORT + 1, family));
  }

  @ParameterizedTest
  @EnumSource
  void synPassesOneWay(Family family) throws Exception {
    town.enforce(NOTHING_TO_B);
    forgetConnections();
    passes(
        "b asks",
        b,
        atC,
        payload ->
            Packets.tcp(
                town.address("b", family),
                PORT,
                town.address("c", family),
                CLIENT,
                Packets.SYN,
                payload));
  }

  @ParameterizedTest
  @EnumSource
  void untrackedPacketsAreJudgedBothWays(Family family) throws Exception {
    node.feed(NO_TRACKING, "nft", "-f", "-");
    try {
      town.enforce(ONLY_C_TO_B);
      dropped("a asks", a, atB, udp("a", CLIENT, "b", PORT, family));
      dropped("b answers a", b, atA, udp("b", PORT, "a", CLIENT, family));
      passes("c asks", c, atB, udp("c", CLIENT, "b", PORT, family));
      passes("b answers c", b, atC, udp("b", PORT, "c", CLIENT, family));
      passes("others among themselves", a, atC, udp("a", PORT, "c", CLIENT, family));
      town.enforced("node-1").withoutRules("forward", "jump careful");
      passes("a asks, without the rule", a, atB, udp("a", CLIENT, "b", PORT, family));
      passes("b answers a, without the rule", b, atA, udp("b", PORT, "a", CLIENT, family));
    } finally {
      node.run("nft", "delete", "table", "inet", "untracked");
    }
  }

  @ParameterizedTest
  @EnumSource
  void untrackedPacketsAreJudgedByTheirPorts(Family family) throws Exception {
    node.feed(NO_TRACKING, "nft", "-f", "-");
    try {
      town.enforce(PORT_OF_B);
      passes("to the open port", a, atB, udp("a", CLIENT, "b", PORT, family));
      passes("its answer", b, atA, udp("b", PORT, "a", CLIENT, family));
      dropped("to another port", a, atB, udp("a", CLIENT, "b", PORT + 1, family));
      dropped("its answer", b, atA, udp("b", PORT + 1, "a", CLIENT, family));
    } finally {
      node.run("nft", "delete", "table", "inet", "untracked");
    }
  }

  @Test
  void serverSpeaksFirstAfterTheTableWasFlushed() throws Exception {
    for (Family family : Family.values()) {
      try (TcpTalk talk = TcpTalk.open(a, b, town.address("b", family), PORT)) {
        town.enforce("");
        talk.clientSays("hello");
        assertEquals("hello", talk.serverHears());
        town.enforce(NOTHING_TO_B);
        forgetConnections();
        talk.serverSays("still there?");
        talk.clientHearsNothing();
        town.enforced("node-1").withoutRules("forward", "jump careful");
        forgetConnections();
        assertEquals("still there?", talk.clientHears());
      }
      town.enforceNothing();
    }
  }
}
