package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.report.AgentStatus;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// An agent whose pods are on a bridge claims nothing where the bridge keeps packets from the
/// rules.
@ExtendWith(NeedsKernel.class)
final class BridgedAgentTest {
  private static final int PORT = 8080;

  private static final String NOTHING_TO_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec: {podSelector: {matchLabels: {app: b}}}
      """;

  @Test
  void aNodeWhoseBridgeBypassesTheRulesIsNotReady(@TempDir Path folder) throws Exception {
    try (Town town =
            Town.of(
                Town.scenario("a@node-1", "b@node-1"),
                EnforcedNode.OPEN_TO_EDITS,
                new BridgeWiring());
        Ear atB = Ear.atUdp(town.pod("b"), PORT);
        AgentInNode agent =
            AgentInNode.start(
                town, folder, EnforcedNode.OPEN_TO_EDITS, Duration.ofMillis(100), NOTHING_TO_B)) {
      Space a = town.pod("a");
      Space node = town.node("node-1");
      Traffic.Packet packet =
          payload ->
              Packets.udp(
                  town.address("a", Family.IPV6),
                  40_000,
                  town.address("b", Family.IPV6),
                  PORT,
                  payload);
      assertTrue(agent.status().ready(), () -> status(agent));
      dropped("a", a, atB, packet);
      node.sysctl("net.bridge.bridge-nf-call-ip6tables=0");
      passes("nothing stops a", a, atB, packet);
      AgentStatus told = agent.status();
      assertThat(told.ready()).isFalse();
      assertThat(told.health()).isEqualTo(AgentStatus.DEGRADED);
      assertThat(told.degraded())
          .anyMatch(why -> why.contains("bridge-nf-call-ip6tables is 0, not 1"));
      node.sysctl("net.bridge.bridge-nf-call-ip6tables=1");
      dropped("a", a, atB, packet);
      assertTrue(agent.status().ready(), () -> status(agent));
    }
  }

  private static String status(AgentInNode agent) {
    try {
      return agent.status().toString();
    } catch (java.io.IOException gone) {
      return gone.toString();
    }
  }
}
