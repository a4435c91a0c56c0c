package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A change counts for connections that are open: from their next packet on (S85), and back again;
/// answers pass whatever a connection the other way may do (S83). The connection table is left as
/// it is.
///
/// `c` asks `b` on the other node.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EstablishedConnectionsTest {
  private static final int PORT = 8080;

  /// `b` is opened by `c` alone and opens nothing; `c` opens `b` alone and is opened by nobody.
  private static final String ONE_WAY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: b}}
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
        - to: [{podSelector: {matchLabels: {app: b}}}]
      """;

  /// As above, but each denies at one end.
  private static final List<String> DENYING =
      List.of(
          ONE_WAY.replace("port: 8080", "port: 8081"),
          ONE_WAY.replace(
              "to: [{podSelector: {matchLabels: {app: b}}}]",
              "to: [{podSelector: {matchLabels: {app: d}}}]"));

  private final Town town;
  private final Space b;
  private final Space c;

  EstablishedConnectionsTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "b@node-1", "c@node-2");
    b = town.pod("b");
    c = town.pod("c");
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    town.enforceNothing();
  }

  @AfterAll
  void close() throws Exception {
    town.close();
  }

  /// Ids of the connections to the port that conntrack knows, on both nodes.
  private List<String> connections() {
    return Stream.of("node-1", "node-2")
        .map(town::node)
        .flatMap(node ->
            Stream.of("ipv4", "ipv6")
                .flatMap(family -> node.run("conntrack", "-L", "-f", family, "-o", "id").lines()))
        .filter(line -> line.contains("dport=" + PORT))
        .map(line -> line.replaceAll(".* id=", ""))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tcpIsCutAndResumes(Family family) throws Exception {
    town.enforce(ONE_WAY);
    try (TcpTalk talk = TcpTalk.open(c, b, town.address("b", family), PORT)) {
      talk.clientSays("one");
      assertEquals("one", talk.serverHears());
      talk.serverSays("two");
      assertEquals("two", talk.clientHears());
      List<String> before = connections();
      assertFalse(before.isEmpty());
      for (String denying : DENYING) {
        town.enforce(denying);
        talk.clientSays("question");
        talk.serverSays("answer");
        talk.serverHearsNothing();
        talk.clientHearsNothing();
        town.enforce(ONE_WAY);
        assertEquals("question", talk.serverHears());
        assertEquals("answer", talk.clientHears());
      }
      assertEquals(before, connections());
    }
  }

  @ParameterizedTest
  @EnumSource
  void udpIsCutAndResumes(Family family) throws Exception {
    town.enforce(ONE_WAY);
    try (UdpTalk talk = UdpTalk.open(c, b, town.address("b", family), PORT)) {
      talk.clientSays("one");
      assertEquals("one", talk.serverHears());
      talk.serverSays("two");
      assertEquals("two", talk.clientHears());
      List<String> before = connections();
      assertFalse(before.isEmpty());
      for (String denying : DENYING) {
        town.enforce(denying);
        talk.clientSays("question");
        talk.serverHearsNothing();
        talk.serverSays("answer");
        talk.clientHearsNothing();
        town.enforce(ONE_WAY);
        talk.clientSays("again");
        assertEquals("again", talk.serverHears());
        talk.serverSays("answered");
        assertEquals("answered", talk.clientHears());
      }
      assertEquals(before, connections());
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersPassThoughTheOtherWayIsDenied(Family family) throws Exception {
    town.enforce(ONE_WAY);
    try (UdpTalk there = UdpTalk.open(c, b, town.address("b", family), PORT);
        UdpTalk back = UdpTalk.open(b, c, town.address("c", family), PORT)) {
      back.clientSays("denied");
      back.serverHearsNothing();
      there.clientSays("question");
      assertEquals("question", there.serverHears());
      there.serverSays("answer");
      assertEquals("answer", there.clientHears());
      back.clientSays("denied as before");
      back.serverHearsNothing();
    }
  }
}
