package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.agent.AgentInput;
import dev.ringfence.agent.AgentOptions;
import dev.ringfence.agent.AgentRun;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.kubernetes.FaultyServer;
import dev.ringfence.kubernetes.FaultyServer.Instead;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.report.AgentLine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The API server is away while addresses move to other pods, and comes back.
///
/// `friend` may always reach `server`, `enemy` never. The address of `guest` is a friend's at first
/// and a stranger's later, that of `late` the other way round.
@Tag("soak")
@ExtendWith(NeedsKernel.class)
final class AwayTest {
  private static final Duration AWAY =
      Boolean.getBoolean("ringfence.soak") ? Duration.ofMinutes(10) : Duration.ofSeconds(3);
  private static final int PORT = 8080;
  private static final String POLICY =
      """
      {"metadata":{"name":"server","namespace":"shop","resourceVersion":"%s"},
      "spec":{"podSelector":{"matchLabels":{"app":"server"}},"policyTypes":["Ingress"],
      "ingress":[{"from":[{"podSelector":{"matchLabels":{"role":"friend"}}}]}]}}\
      """;

  private final FaultyServer cluster = new FaultyServer();
  private final BlockingQueue<AgentLine> lines = new LinkedBlockingQueue<>();
  private final List<String> words = new CopyOnWriteArrayList<>();
  private Town town;
  private Ear ear;
  private AgentRun run;
  private Thread agent;

  @BeforeEach
  void start() throws Exception {
    town =
        Town.routed(
            EnforcedNode.OPEN_TO_EDITS,
            "server@node-1",
            "friend@node-1",
            "enemy@node-1",
            "guest@node-1",
            "late@node-1");
    ear = Ear.atWires(town.pod("server"));
    for (String name : List.of("server", "enemy", "late")) {
      pod(name, name, "other");
    }
    pod("friend", "friend", "friend");
    pod("guest", "guest", "friend");
    cluster.set(LiveKind.NETWORK_POLICY, "server", POLICY);
    run =
        new AgentRun(
            "node-1",
            new AgentInput.Cluster(cluster, Optional.empty()),
            AgentRun.Mode.STAY,
            AgentOptions.QUIET.with(EnforcedNode.OPEN_TO_EDITS),
            lines::add,
            (level, event, message) -> words.add(message));
    agent =
        Thread.ofPlatform()
            .name("agent")
            .start(() -> {
              try (var _ =
                  NetworkNamespace.enter(NetworkNamespace.named(town.node("node-1").name()))) {
                NetworkNamespace.requireNotMain();
                run.run(new byte[0]);
              }
            });
    line();
  }

  @AfterEach
  void stop() throws Exception {
    run.stop();
    agent.join();
    ear.close();
    town.close();
  }

  private AgentLine line() throws InterruptedException {
    // After ten minutes without it a server is asked every 30 seconds.
    return Objects.requireNonNull(lines.poll(90, TimeUnit.SECONDS), "no line: " + words);
  }

  /// @param at whose address it has
  private void pod(String name, String at, String role) {
    cluster.set(
        LiveKind.POD,
        name,
        """
        {"metadata":{"name":"%s","namespace":"shop","resourceVersion":"%%s",
        "labels":{"app":"%s","role":"%s"}},
        "spec":{"nodeName":"node-1","containers":[{"name":"c"}]},
        "status":{"phase":"Running","podIPs":[{"ip":"%s"},{"ip":"%s"}]}}\
        """
            .formatted(
                name, name, role, town.address(at, Family.IPV4), town.address(at, Family.IPV6)));
  }

  private void reaches(String from, String when) throws Exception {
    for (Family family : Family.values()) {
      passes(from + " " + when, town.pod(from), ear, packet(from, family));
    }
  }

  private void isDenied(String from, String when) throws Exception {
    for (Family family : Family.values()) {
      dropped(from + " " + when, town.pod(from), ear, packet(from, family));
    }
  }

  private Traffic.Packet packet(String from, Family family) {
    return payload ->
        Packets.udp(
            town.address(from, family), 40_000, town.address("server", family), PORT, payload);
  }

  private void isAsBefore(String when) throws Exception {
    reaches("friend", when);
    reaches("guest", when);
    isDenied("enemy", when);
    isDenied("late", when);
  }

  @Test
  void nothingChangesWhileItIsAwayAndAllIsRightOnceItIsBack() throws Exception {
    isAsBefore("at first");
    cluster.down(true);
    cluster.remove(LiveKind.POD, "guest");
    pod("stranger", "guest", "other");
    cluster.remove(LiveKind.POD, "late");
    pod("newcomer", "late", "friend");
    long end = System.nanoTime() + AWAY.toNanos();
    while (System.nanoTime() < end) {
      isAsBefore("while it is away");
    }
    cluster.compact();
    // What comes first is a proxy that knows nothing.
    cluster.answer(Instead.PAGE);
    cluster.down(false);
    isAsBefore("while a proxy answers");
    cluster.answer(Instead.NOTHING);
    AgentLine line = line();
    assertThat(line.pods()).isEqualTo(5);
    isDenied("guest", "whose address is a stranger's now");
    reaches("late", "whose address is a friend's now");
    reaches("friend", "at the end");
    isDenied("enemy", "at the end");
  }

  /// No packet is judged by an address after its pod has been seen to finish.
  @Test
  void aFinishedPodLeavesItsAddressAtOnce() throws Exception {
    isAsBefore("at first");
    cluster.set(
        LiveKind.POD,
        "guest",
        """
        {"metadata":{"name":"guest","namespace":"shop","resourceVersion":"%%s",
        "labels":{"app":"guest","role":"friend"}},
        "spec":{"nodeName":"node-1","containers":[{"name":"c"}]},
        "status":{"phase":"Succeeded","podIPs":[{"ip":"%s"},{"ip":"%s"}]}}\
        """
            .formatted(town.address("guest", Family.IPV4), town.address("guest", Family.IPV6)));
    line();
    isDenied("guest", "once its pod has finished");
    reaches("friend", "still");
  }
}
