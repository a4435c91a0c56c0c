package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.Command;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The agent as a process follows a real API server, and packets obey; `./verify apiserver`.
@Tag("apiserver")
@EnabledIfSystemProperty(
    named = "ringfence.apiserver",
    matches = ".+",
    disabledReason = "./verify apiserver builds one")
@ExtendWith(NeedsKernel.class)
final class RealApiServerTest {
  @TempDir Path folder;

  private Running agent(Space node, RealApiServer server) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", node.name()));
    command.addAll(
        Ringfence.command(
            "agent",
            "--node",
            "node-1",
            "--lease-namespace",
            "ringfence",
            "--kubeconfig",
            server.kubeconfig().toString()));
    return Ringfence.start(command);
  }

  @Test
  void packetsObeyWhatIsApplied() throws Exception {
    String binary = System.getProperty("ringfence.apiserver", "");
    try (RealTown town = new RealTown();
        RealApiServer server = RealApiServer.in(town.node(), folder, binary);
        Ear a = Ear.atWires(town.pod("a"))) {
      Space node = town.node();
      server.kubectl("create", "namespace", "ringfence");
      town.makePods(server);
      try (Running agent = agent(node, server)) {
        RealTown.policies(agent, 0);
        town.passing("before any policy", "c", a);

        server.apply(RealTown.POLICY);
        RealTown.policies(agent, 1);
        town.denied("c is not let in", "c", a);
        town.passing("b is", "b", a);

        server.kubectl("label", "pod", "c", "app=b", "--overwrite");
        agent.awaitOut(out -> out.lines().count() >= 3);
        town.passing("c is relabelled", "c", a);

        rolledOutOnOneNodeOfTwo(node, server);

        server.kill();
        Thread.sleep(2000);
        town.passing("while the server is away", "b", a);
        server.up();
        server.kubectl("label", "pod", "c", "app=c", "--overwrite");
        agent.awaitOut(out -> out.lines().count() >= 4);
        town.denied("after the server came back", "c", a);

        forgetsWhatTheAgentMissed(agent, server);
        town.passing("the policy went meanwhile", "c", a);

        server.apply(RealTown.POLICY);
        RealTown.policies(agent, 1);
        town.denied("and is there again", "c", a);
        assertThat(agent.process().isAlive()).isTrue();
      }
      town.denied("the agent is killed", "c", a);
      town.passing("and the rules stay", "b", a);
    }
  }

  private static void rolledOutOnOneNodeOfTwo(Space node, RealApiServer server) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", node.name()));
    command.addAll(
        Ringfence.command(
            "rollout", "status", "shop/a", "--kubeconfig", server.kubeconfig().toString()));
    try (Running rollout = Ringfence.start(command)) {
      rollout.awaitOut(out -> out.contains("is in force on 1 of 2 nodes"));
      assertThat(rollout.out()).contains("node-2: no agent has said anything yet");
      server.kubectl("delete", "node", "node-2");
      Ringfence.Result result = rollout.end();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).endsWith("is in force on 1 of 1 nodes\n");
    }
  }

  /// The agent stands still while things happen that nobody can tell it of any more.
  private static void forgetsWhatTheAgentMissed(Running agent, RealApiServer server)
      throws Exception {
    long lines = agent.out().lines().count();
    signal(agent, "STOP");
    server.kubectl("delete", "networkpolicy", "a");
    for (int i = 0; i < 5; i++) {
      server.kubectl("annotate", "pod", "b", "n=" + i, "--overwrite");
    }
    server.compact();
    server.kill();
    server.up();
    signal(agent, "CONT");
    agent.awaitOut(out -> out.lines().count() > lines);
    RealTown.policies(agent, 0);
  }

  private static void signal(Running agent, String name) {
    Command.run("", List.of("kill", "-" + name, String.valueOf(agent.process().pid())));
  }
}
