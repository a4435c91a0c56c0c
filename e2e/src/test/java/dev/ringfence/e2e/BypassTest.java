package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;

import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Frames;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.DataplaneOptions.Denial;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ways round a policy between routed pods: each passes while what stops it is missing.
///
/// `a` attacks, `b` beside it is protected, and `c` on the other node is permitted.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class BypassTest {
  private static final int PORT = 8080;
  private static final int NODE_PORT = 9999;

  private static final String ONLY_C_TO_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: b}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: c}}}]
          ports: [{port: 8080, protocol: UDP}, {port: 8080, protocol: TCP}]
      """;

  private static final String NOTHING_FROM_A =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}
      """;

  private final Town town;
  private final Space a;
  private final Space c;
  private final Space node;
  private final Ear atB;

  BypassTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "a@node-1", "b@node-1", "c@node-2");
    a = town.pod("a");
    c = town.pod("c");
    node = town.node("node-1");
    atB = Ear.atWires(town.pod("b"));
  }

  @BeforeAll
  void everythingPassesWithoutTables() throws Exception {
    for (Family family : Family.values()) {
      passes("without tables", a, atB, payload -> udp("a", "b", family, PORT, payload));
      passes("without tables", c, atB, payload -> udp("c", "b", family, PORT, payload));
    }
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    town.close();
  }

  private byte[] udp(String from, String to, Family family, int port, byte[] payload) {
    return Packets.udp(address(from, family), 4000, address(to, family), port, payload);
  }

  private Address address(String pod, Family family) {
    return town.address(pod, family);
  }

  @ParameterizedTest
  @EnumSource
  void spoofedSourceOfAPermittedPeer(Family family) throws Exception {
    town.enforceUnguarded(ONLY_C_TO_B);
    dropped("a as itself", a, atB, payload -> udp("a", "b", family, PORT, payload));
    passes("a as c, unguarded", a, atB, payload -> udp("c", "b", family, PORT, payload));
    town.enforce(ONLY_C_TO_B);
    dropped("a as c", a, atB, payload -> udp("c", "b", family, PORT, payload));
    passes("c as itself", c, atB, payload -> udp("c", "b", family, PORT, payload));
  }

  @ParameterizedTest
  @EnumSource
  void spoofedSourceOfNobody(Family family) throws Exception {
    Address nobody = Address.of(family == Family.IPV4 ? "198.51.100.1" : "2001:db8:5::1");
    Traffic.Packet fromNobody =
        payload -> Packets.udp(nobody, 4000, address("b", family), PORT, payload);
    town.enforceUnguarded(NOTHING_FROM_A);
    dropped("a as itself", a, atB, payload -> udp("a", "b", family, PORT, payload));
    passes("a as nobody, unguarded", a, atB, fromNobody);
    town.enforce(NOTHING_FROM_A);
    dropped("a as nobody", a, atB, fromNobody);
  }

  @Test
  void ownNodeFromALinkLocalSource() throws Exception {
    Address own = Frames.linkLocal(a.mac("eth0"));
    Traffic.Packet toGateway =
        payload -> Packets.udp(own, 4000, Address.of("fe80::1"), NODE_PORT, payload);
    try (Ear atNode = Ear.atUdp(node, NODE_PORT)) {
      town.enforceUnguarded(NOTHING_FROM_A);
      passes("unguarded", atNode, payload -> a.sendOn("eth0", toGateway.with(payload)));
      town.enforce(NOTHING_FROM_A);
      dropped("guarded", atNode, payload -> a.sendOn("eth0", toGateway.with(payload)));
    }
  }

  @Test
  void ownNodeOverItsGatewayAddresses() throws Exception {
    try (Ear atNode = Ear.atUdp(node, NODE_PORT)) {
      for (String gateway : List.of("fe80::1", "169.254.1.1")) {
        Address to = Address.of(gateway);
        Traffic.Sending sending =
            payload ->
                a.sendOn(
                    "eth0", Packets.udp(address("a", to.family()), 4000, to, NODE_PORT, payload));
        town.enforce("");
        passes("not isolated, " + gateway, atNode, sending);
        town.enforce(NOTHING_FROM_A);
        dropped("isolated, " + gateway, atNode, sending);
      }
    }
  }

  @Test
  void ownNodeIsReachedWhereTheOptionSaysSo() throws Exception {
    try (EnforcedNode lenient =
            EnforcedNode.in(node, new DataplaneOptions(false, Denial.DROP, true, 5242));
        Ear atNode = Ear.atUdp(node, NODE_PORT)) {
      Traffic.Sending sending =
          payload ->
              a.sendOn(
                  "eth0",
                  Packets.udp(
                      address("a", Family.IPV6), 4000, Address.of("fe80::1"), NODE_PORT, payload));
      town.enforceNothing();
      lenient.apply(town.compile(NOTHING_FROM_A).forNode("node-1"), Owners.NOBODY, true);
      passes("with ownNodeEgress", atNode, sending);
      dropped("b all the same", a, atB, payload -> udp("a", "b", Family.IPV6, PORT, payload));
      lenient.remove();
    }
  }

  @Test
  void neighbourDiscoveryIsNoTunnelThroughTheNode() throws Exception {
    for (int hopLimit : List.of(2, 64, 255)) {
      Traffic.Packet solicitation =
          payload ->
              Packets.icmp(
                  address("a", Family.IPV6),
                  address("b", Family.IPV6),
                  135,
                  0,
                  0,
                  hopLimit,
                  payload);
      town.enforce(NOTHING_FROM_A);
      dropped("hop limit " + hopLimit, a, atB, solicitation);
      town.enforced("node-1").withoutRules("forward", "jump careful");
      passes("hop limit " + hopLimit + " without the rule", a, atB, solicitation);
      town.enforceNothing();
    }
  }

  @Test
  void neighbourDiscoveryIsNoTunnelIntoTheNode() throws Exception {
    Address to = Address.of("fe80::1");
    try (Ear atNode = Ear.behindRules(node, List.of(Packets.ICMPV6))) {
      for (int hopLimit : List.of(1, 64, 254, 255)) {
        Traffic.Sending solicitation =
            payload ->
                a.sendOn(
                    "eth0",
                    Packets.icmp(address("a", Family.IPV6), to, 135, 0, 0, hopLimit, payload));
        town.enforce(NOTHING_FROM_A);
        if (hopLimit == 255) {
          passes("true neighbour discovery", atNode, solicitation);
        } else {
          dropped("hop limit " + hopLimit, atNode, solicitation);
          town.enforced("node-1").withoutRules("input", "jump careful_input");
          passes("hop limit " + hopLimit + " without the rule", atNode, solicitation);
        }
        town.enforceNothing();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fragmentsOfADeniedPort(Family family) throws Exception {
    town.enforce(ONLY_C_TO_B);
    for (int port : List.of(PORT, PORT + 1)) {
      Traffic.Sending inPieces =
          payload -> {
            byte[] longer = new byte[64];
            System.arraycopy(payload, 0, longer, 32, payload.length);
            c.send(Packets.inTwo(udp("c", "b", family, port, longer), 24));
          };
      if (port == PORT) {
        passes("fragments to an allowed port", atB, inPieces);
      } else {
        dropped("fragments to a denied port", atB, inPieces);
        town.enforceNothing();
        passes("fragments without tables", atB, inPieces);
      }
    }
  }

  @Test
  void mappedAddressesAreNotTheirIpv4Selves() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(address("c", Family.IPV4).bytes(), 0, mapped, 12, 4);
    Traffic.Packet packet =
        payload ->
            Packets.udp(Address.ofBytes(mapped), 4000, address("b", Family.IPV6), PORT, payload);
    town.enforceNothing();
    passes("without tables", a, atB, packet);
    town.enforceUnguarded(ONLY_C_TO_B);
    dropped("unguarded", a, atB, packet);
    town.enforce(ONLY_C_TO_B);
    dropped("guarded", a, atB, packet);
  }
}
