package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// ICMP errors are judged as the connection that they tell of (S74).
///
/// `c` is isolated both ways and may ask `b`, on the other node, for one port; `a` may not be
/// reached at all.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class IcmpErrorsTest {
  private static final int PORT = 8080;

  private static final String C_MAY_ASK_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: c}}
        policyTypes: [Ingress, Egress]
        egress:
        - to: [{podSelector: {matchLabels: {app: b}}}]
          ports: [{port: 8080, protocol: UDP}]
      """;

  private static final String C_MAY_NOTHING = C_MAY_ASK_B.replaceAll("(?s)  egress:.*", "");

  private final Town town;
  private final Space b;
  private final Space c;
  private final Ear atB;
  private final Ear atC;

  IcmpErrorsTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "b@node-1", "c@node-2");
    b = town.pod("b");
    c = town.pod("c");
    atB = Ear.atWires(b);
    atC = Ear.atWires(c);
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    town.enforceNothing();
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    atC.close();
    town.close();
  }

  private byte[] question(Family family, byte[] payload) {
    return Packets.udp(town.address("c", family), 4000, town.address("b", family), PORT, payload);
  }

  /// "Nobody listens there", from `b`, about the question.
  private byte[] unreachable(Family family, byte[] payload) {
    byte[] about = question(family, payload);
    int type = family == Family.IPV4 ? 3 : 1;
    int code = family == Family.IPV4 ? 3 : 4;
    return Packets.icmp(
        town.address("b", family), town.address("c", family), type, code, 0, 64, about);
  }

  @ParameterizedTest
  @EnumSource
  void ofAnAllowedConnectionPass(Family family) throws Exception {
    town.enforce(C_MAY_ASK_B);
    passes("port unreachable", c, atC, payload -> question(family, payload));
    passes("made by hand", b, atC, payload -> unreachable(family, payload));
  }

  @ParameterizedTest
  @EnumSource
  void packetTooBigPasses(Family family) throws Exception {
    String wire = wireTo(town.address("b", family));
    town.outside().ip("link set " + wire + " mtu 1280");
    try {
      town.enforce(C_MAY_ASK_B);
      dropped("a packet too big", atB, payload -> c.send(big(family, payload)));
      passes("the word of it", atC, payload -> c.send(big(family, payload)));
    } finally {
      town.outside().ip("link set " + wire + " mtu 1500");
    }
  }

  private byte[] big(Family family, byte[] payload) {
    return Packets.whole(question(family, Arrays.copyOf(payload, 1400)));
  }

  private String wireTo(Address to) {
    String route = town.outside().run("ip", "-o", "route", "get", to.toString());
    Matcher found = Pattern.compile(" dev (\\S+)").matcher(route);
    if (!found.find()) {
      throw new IllegalStateException(route);
    }
    return found.group(1);
  }

  @ParameterizedTest
  @EnumSource
  void ofAConnectionThatIsDeniedByNowDoNot(Family family) throws Exception {
    town.enforce(C_MAY_ASK_B);
    passes("the question", c, atB, payload -> question(family, payload));
    town.enforce(C_MAY_NOTHING);
    dropped("denied by now", b, atC, payload -> unreachable(family, payload));
    town.enforceNothing();
    passes("without tables", b, atC, payload -> unreachable(family, payload));
  }

  @ParameterizedTest
  @EnumSource
  void ofNoConnectionDoNot(Family family) throws Exception {
    for (String node : new String[] {"node-1", "node-2"}) {
      town.node(node).run("conntrack", "-F");
    }
    town.enforce(C_MAY_ASK_B);
    dropped("about nothing", b, atC, payload -> unreachable(family, payload));
    town.enforced("node-2").withoutRules("forward", "jump careful");
    passes("about nothing, without the rule", b, atC, payload -> unreachable(family, payload));
  }
}
