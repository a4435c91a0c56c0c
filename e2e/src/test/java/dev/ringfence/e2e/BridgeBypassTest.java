package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Frames;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ways round a policy between pods on one bridge: each passes while the ports have no guard.
///
/// `a` attacks, `b` is protected, `c` is permitted.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class BridgeBypassTest {
  private static final int PORT = 8080;

  private static final String ONLY_C_TO_B =
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

  private final Town town;
  private final Space a;
  private final Space c;
  private final Ear atB;
  private final Ear inB;
  private final byte[] macOfA;
  private final byte[] macOfB;
  private final byte[] macOfC;

  BridgeBypassTest() throws Exception {
    town =
        Town.of(
            Town.scenario("a@node-1", "b@node-1", "c@node-1"),
            EnforcedNode.OPEN_TO_EDITS,
            new BridgeWiring());
    a = town.pod("a");
    c = town.pod("c");
    atB = Ear.atWires(town.pod("b"));
    inB = Ear.atUdp(town.pod("b"), PORT);
    macOfA = a.mac("eth0");
    macOfB = town.pod("b").mac("eth0");
    macOfC = c.mac("eth0");
  }

  @BeforeAll
  void policyHoldsOnTheBridge() throws Exception {
    for (Family family : Family.values()) {
      town.enforceNothing();
      passes("without tables", a, inB, payload -> udp("a", family, payload));
      town.enforceUnguarded(ONLY_C_TO_B);
      dropped("a, unguarded", a, inB, payload -> udp("a", family, payload));
      passes("c, unguarded", c, inB, payload -> udp("c", family, payload));
      town.enforce(ONLY_C_TO_B);
      dropped("a", a, inB, payload -> udp("a", family, payload));
      passes("c", c, inB, payload -> udp("c", family, payload));
    }
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    inB.close();
    town.close();
  }

  private byte[] udp(String from, Family family, byte[] payload) {
    return udp(town.address(from, family), town.address("b", family), payload);
  }

  private static byte[] udp(Address from, Address to, byte[] payload) {
    return Packets.udp(from, 4000, to, PORT, payload);
  }

  /// Passes without a guard and not with one.
  private void guardStops(String what, Ear at, Traffic.Sending sending) throws Exception {
    town.enforceUnguarded(ONLY_C_TO_B);
    passes(what + ", unguarded", at, sending);
    town.enforce(ONLY_C_TO_B);
    dropped(what, at, sending);
  }

  private Traffic.Sending frames(Traffic.Packet frame) {
    return payload -> a.frame("eth0", frame.with(payload));
  }

  @ParameterizedTest
  @EnumSource
  void spoofedSourceOfAPermittedPeer(Family family) throws Exception {
    guardStops(
        "a as c", inB, frames(payload -> Frames.of(macOfB, macOfA, udp("c", family, payload))));
  }

  @Test
  void neighbourOverItsLinkLocalAddress() throws Exception {
    Address from = Frames.linkLocal(macOfA);
    Address to = Frames.linkLocal(macOfB);
    guardStops("fe80:: to fe80::", inB, payload -> a.sendOn("eth0", udp(from, to, payload)));
  }

  @Test
  void addressResolutionForAnother() throws Exception {
    Address ofC = town.address("c", Family.IPV4);
    guardStops("a is c", atB, frames(payload -> Frames.arpAnswer(macOfA, ofC, payload)));
    Address ofA = town.address("a", Family.IPV4);
    passes("a is a", atB, frames(payload -> Frames.arpAnswer(macOfA, ofA, payload)));
  }

  @Test
  void neighbourAdvertisements() throws Exception {
    Address own = Frames.linkLocal(macOfA);
    byte[] ofC = advertisement(own, "c", macOfA);
    byte[] atC = advertisement(own, "a", macOfC);
    byte[] honest = advertisement(own, "a", macOfA);
    town.enforceUnguarded(ONLY_C_TO_B);
    assertTrue(reachesB(ofC), "a is c, unguarded");
    assertTrue(reachesB(atC), "a is at c, unguarded");
    town.enforce(ONLY_C_TO_B);
    assertFalse(reachesB(ofC), "a is c");
    assertFalse(reachesB(atC), "a is at c");
    assertTrue(reachesB(honest), "a is a");
  }

  private boolean reachesB(byte[] frame) throws Exception {
    atB.forget();
    a.frame("eth0", frame);
    return !atB.seesNo(packet -> Arrays.equals(packet, frame));
  }

  private byte[] advertisement(Address from, String target, byte[] mac) {
    return Frames.neighbourAdvertisement(macOfA, from, town.address(target, Family.IPV6), mac);
  }

  @ParameterizedTest
  @ValueSource(ints = {134, 137})
  void podsAreNoRouters(int type) throws Exception {
    Address own = Frames.linkLocal(macOfA);
    Address all = Address.of("ff02::1");
    guardStops(
        "type " + type,
        atB,
        frames(payload ->
            Frames.of(
                Frames.multicast(all), macOfA, Packets.icmp(own, all, type, 0, 0, 255, payload))));
  }

  @ParameterizedTest
  @EnumSource
  void priorityTagHidesAPacketFromTheRules(Family family) throws Exception {
    guardStops(
        "VLAN 0",
        inB,
        frames(payload -> Frames.inVlan(0, macOfB, macOfA, udp("a", family, payload))));
  }

  @Test
  void protocolsThatNobodyJudges() throws Exception {
    guardStops("type 88b5", atB, frames(payload -> Frames.of(macOfB, macOfA, 0x88b5, payload)));
  }

  @Test
  void linkLocalAddressFromATrueSource() throws Exception {
    Address from = town.address("a", Family.IPV6);
    Address to = Frames.linkLocal(macOfB);
    guardStops("own to fe80::", inB, payload -> a.sendOn("eth0", udp(from, to, payload)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"255.255.255.255", "224.0.0.1", "ff02::1"})
  void addressesOfEverybody(String everybody) throws Exception {
    Address to = Address.of(everybody);
    byte[] toMac =
        to.equals(Address.of("255.255.255.255")) ? Frames.broadcast() : Frames.multicast(to);
    Address from = town.address("a", to.family());
    guardStops(everybody, inB, frames(payload -> Frames.of(toMac, macOfA, udp(from, to, payload))));
  }

  @Test
  void anothersLinkAddressAsSource() throws Exception {
    Address own = town.address("a", Family.IPV4);
    Address gateway = BridgeWiring.gateway(Cidr.of(own + "/24"));
    try (Ear atA = Ear.atWires(a)) {
      guardStops(
          "a takes what is for c",
          atA,
          payload -> {
            c.frame("eth0", Frames.arpAnswer(macOfC, town.address("c", Family.IPV4), new byte[8]));
            a.frame(
                "eth0",
                Frames.of(town.node("node-1").mac("br0"), macOfC, udp(own, gateway, new byte[8])));
            town.pod("b")
                .frame(
                    "eth0",
                    Frames.of(
                        macOfC,
                        macOfB,
                        udp(
                            town.address("b", Family.IPV4),
                            town.address("c", Family.IPV4),
                            payload)));
          });
    }
  }
}
