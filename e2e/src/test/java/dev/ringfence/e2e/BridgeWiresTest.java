package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.agent.NodeAgent;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Frames;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.netns.PinnedThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An agent finds the wires of bridged pods in what the bridge and its neighbours say, and pods
/// have a say in that: none may so get rid of its guard.
@ExtendWith(NeedsKernel.class)
final class BridgeWiresTest {
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
      """;

  private final Town town;
  private final Space a;
  private final Space c;
  private final Space node;
  private final Ear inB;
  private final PinnedThread thread;
  private final NodeAgent agent;

  BridgeWiresTest() throws Exception {
    town =
        Town.of(
            Town.scenario("a@node-1", "b@node-1", "c@node-1"),
            EnforcedNode.OPEN_TO_EDITS,
            new BridgeWiring());
    a = town.pod("a");
    c = town.pod("c");
    node = town.node("node-1");
    inB = Ear.atUdp(town.pod("b"), PORT);
    thread = PinnedThread.in(node.name());
    agent = thread.call(() -> NodeAgent.open("node-1", EnforcedNode.OPEN_TO_EDITS));
  }

  @BeforeEach
  void everyPodIsGuarded() throws Exception {
    Loaded policies = Town.read(ONLY_C_TO_B);
    int unguarded =
        thread.call(() -> agent.apply(town.scenario().snapshot(), policies.policies()).unguarded());
    assertEquals(0, unguarded);
    spoofingIsStopped();
  }

  @AfterEach
  void close() throws Exception {
    thread.close();
    agent.close();
    inB.close();
    town.close();
  }

  private void spoofingIsStopped() throws Exception {
    passes("c", c, inB, this::fromC);
    dropped("a as c", inB, payload -> a.frame("eth0", frame(payload)));
  }

  private byte[] fromC(byte[] payload) {
    return Packets.udp(
        town.address("c", Family.IPV4), 4000, town.address("b", Family.IPV4), PORT, payload);
  }

  private byte[] frame(byte[] payload) throws Exception {
    return Frames.of(town.pod("b").mac("eth0"), a.mac("eth0"), fromC(payload));
  }

  @Test
  void podThatTheNodeForgotStaysGuarded() throws Exception {
    node.run("ip", "neigh", "flush", "dev", "br0");
    thread.call(agent::repair);
    assertEquals(0, agent.unguarded());
    spoofingIsStopped();
  }

  @Test
  void anothersLinkAddressTakesNoGuardAlong() throws Exception {
    Address own = town.address("a", Family.IPV4);
    byte[] stolen =
        Frames.of(
            node.mac("br0"),
            c.mac("eth0"),
            Packets.udp(own, 4000, town.address("b", Family.IPV4), PORT, new byte[8]));
    a.frame("eth0", stolen);
    thread.call(agent::repair);
    assertEquals(0, agent.unguarded());
    spoofingIsStopped();
  }
}
