package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.Command;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
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
  private static final int PORT = 8080;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: a}}
        ingress: [{from: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: 8080, protocol: UDP}]}]
      """;

  @TempDir Path folder;
  private final Scenario scenario = Town.scenario("a@node-1", "b@node-1", "c@node-1");
  private Instance instance = Instance.DEFAULT;

  @AfterEach
  void clear() throws Exception {
    Leftovers.clear(instance);
  }

  private Pod known(String name) {
    return Objects.requireNonNull(scenario.snapshot().pods().get(new ObjectName("shop", name)));
  }

  private Space pod(String name) {
    return new Space(instance.pod(known(name)));
  }

  private Address address(String name) {
    return known(name).address(Family.IPV4).orElseThrow();
  }

  private byte[] packet(String from, byte[] payload) {
    return Packets.udp(address(from), 40_000, address("a"), PORT, payload);
  }

  private void passing(String what, String from, Ear at) throws Exception {
    passes(what, pod(from), at, payload -> packet(from, payload));
  }

  private void denied(String what, String from, Ear at) throws Exception {
    dropped(what, pod(from), at, payload -> packet(from, payload));
  }

  private void makePods(RealApiServer server) {
    server.kubectl("create", "namespace", "shop");
    server.kubectl("create", "namespace", "ringfence");
    for (String name : List.of("node-1", "node-2")) {
      server.apply(
          "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"" + name + "\"}}");
    }
    for (String name : List.of("a", "b", "c")) {
      server.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
          spec: {nodeName: node-1, containers: [{name: main, image: main}]}
          """
              .formatted(name));
      server.kubectl(
          "patch",
          "pod",
          name,
          "--subresource=status",
          "--type=merge",
          "-p",
          "{\"status\":{\"phase\":\"Running\",\"podIP\":\"%1$s\",\"podIPs\":[{\"ip\":\"%1$s\"}]}}"
              .formatted(address(name)));
    }
  }

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

  private static void policies(Running agent, int count) throws Exception {
    agent.awaitOut(out -> {
      String[] lines = out.strip().split("\n", -1);
      return lines[lines.length - 1].contains("\"policies\":" + count + ",");
    });
  }

  @Test
  void packetsObeyWhatIsApplied() throws Exception {
    instance = Spaces.fresh();
    new Topology(instance).build(scenario);
    Space node = new Space(instance.node("node-1"));
    String binary = System.getProperty("ringfence.apiserver", "");
    try (RealApiServer server = RealApiServer.in(node, folder, binary);
        Ear a = Ear.atWires(pod("a"))) {
      makePods(server);
      try (Running agent = agent(node, server)) {
        policies(agent, 0);
        passing("before any policy", "c", a);

        server.apply(POLICY);
        policies(agent, 1);
        denied("c is not let in", "c", a);
        passing("b is", "b", a);

        server.kubectl("label", "pod", "c", "app=b", "--overwrite");
        agent.awaitOut(out -> out.lines().count() >= 3);
        passing("c is relabelled", "c", a);

        rolledOutOnOneNodeOfTwo(node, server);

        server.kill();
        Thread.sleep(2000);
        passing("while the server is away", "b", a);
        server.up();
        server.kubectl("label", "pod", "c", "app=c", "--overwrite");
        agent.awaitOut(out -> out.lines().count() >= 4);
        denied("after the server came back", "c", a);

        forgetsWhatTheAgentMissed(agent, server);
        passing("the policy went meanwhile", "c", a);

        server.apply(POLICY);
        policies(agent, 1);
        denied("and is there again", "c", a);
        assertThat(agent.process().isAlive()).isTrue();
      }
      denied("the agent is killed", "c", a);
      passing("and the rules stay", "b", a);
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
    policies(agent, 0);
  }

  private static void signal(Running agent, String name) {
    Command.run("", List.of("kill", "-" + name, String.valueOf(agent.process().pid())));
  }
}
