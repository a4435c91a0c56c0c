package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the node rewrites addresses, as for Services, policies see the real destination and its
/// port, and the source that opened the connection (S42, S105, S106, S108).
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class NatTest {
  private static final int SERVICE_PORT = 80;
  private static final int NODE_PORT = 30_080;
  private static final int PORT = 8080;

  private static final String B_FROM_C =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: b}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: c}}}]
          ports: [{port: 8080, protocol: UDP}]
      """;

  private static final String B_FROM_OUTSIDE =
      B_FROM_C.replace(
          "{podSelector: {matchLabels: {app: c}}}",
          "{ipBlock: {cidr: 203.0.113.10/32}}, {ipBlock: {cidr: '2001:db8::10/128'}}");

  private static final String A_TO =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: a}}
        policyTypes: [Egress]
        egress:
        - to: [%s]
          ports: [{port: %d, protocol: UDP}]
      """;

  private final Town town;
  private final Space a;
  private final Space c;
  private final Space node;
  private final Ear atB;

  NatTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "a@node-1", "b@node-1", "c@node-1");
    a = town.pod("a");
    c = town.pod("c");
    node = town.node("node-1");
    atB = Ear.atUdp(town.pod("b"), PORT);
    for (Family family : Family.values()) {
      node.feed(service(family), "nft", "-f", "-");
    }
  }

  /// What a proxy makes of a Service: its address, and a port of the node, lead to `b`; and `b`
  /// sees the node's address in place of the source.
  private String service(Family family) {
    String ip = family == Family.IPV4 ? "ip" : "ip6";
    String to = town.address("b", family).toString();
    return """
    table %1$s proxy {
      chain lead {
        %1$s daddr %2$s udp dport %3$d dnat to %4$s
        fib daddr type local udp dport %5$d dnat to %4$s
      }
      chain prerouting { type nat hook prerouting priority dstnat; jump lead; }
      chain output { type nat hook output priority -100; jump lead; }
      chain postrouting { type nat hook postrouting priority srcnat; masquerade; }
    }
    """
        .formatted(
            ip,
            virtual(family),
            SERVICE_PORT,
            family == Family.IPV4 ? to + ":" + PORT : "[" + to + "]:" + PORT,
            NODE_PORT);
  }

  private static Address virtual(Family family) {
    return Address.of(family == Family.IPV4 ? "10.96.0.10" : "fd96::10");
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    town.enforceNothing();
    node.run("conntrack", "-F");
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    town.close();
  }

  private Traffic.Packet toService(String from, Family family) {
    return payload ->
        Packets.udp(town.address(from, family), 4000, virtual(family), SERVICE_PORT, payload);
  }

  @ParameterizedTest
  @EnumSource
  void ingressKnowsWhoAsked(Family family) throws Exception {
    passes("without tables", a, atB, toService("a", family));
    town.enforce(B_FROM_C);
    dropped("a", a, atB, toService("a", family));
    passes("c", c, atB, toService("c", family));
  }

  @ParameterizedTest
  @EnumSource
  void egressIsJudgedByTheBackendAndItsPort(Family family) throws Exception {
    String b = "{podSelector: {matchLabels: {app: b}}}";
    town.enforce(A_TO.formatted(b, PORT));
    passes("the backend's port", a, atB, toService("a", family));
    town.enforce(A_TO.formatted(b, SERVICE_PORT));
    dropped("the Service's port", a, atB, toService("a", family));
    String virtual = "{ipBlock: {cidr: '" + virtual(family) + "/" + family.bits() + "'}}";
    town.enforce(A_TO.formatted(virtual, SERVICE_PORT));
    dropped("the Service's address", a, atB, toService("a", family));
  }

  @ParameterizedTest
  @EnumSource
  void nodePortKnowsWhoAskedFromOutside(Family family) throws Exception {
    Space outside = town.outside();
    Traffic.Packet fromFriend = toNodePort(family == Family.IPV4 ? "203.0.113.10" : "2001:db8::10");
    Traffic.Packet fromOther = toNodePort(family == Family.IPV4 ? "203.0.113.11" : "2001:db8::11");
    passes("without tables", outside, atB, fromOther);
    town.enforce(B_FROM_OUTSIDE);
    passes("whom the block names", outside, atB, fromFriend);
    dropped("another", outside, atB, fromOther);
  }

  private Traffic.Packet toNodePort(String from) {
    Address source = Address.of(from);
    Address to =
        town.scenario().snapshot().nodes().values().iterator().next().addresses().stream()
            .filter(address -> address.family() == source.family())
            .findFirst()
            .orElseThrow();
    return payload -> Packets.udp(source, 4000, to, NODE_PORT, payload);
  }
}
