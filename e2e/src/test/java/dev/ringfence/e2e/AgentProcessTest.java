package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The node agent as a process of its own, in a namespace that is its node.
@ExtendWith(NeedsKernel.class)
final class AgentProcessTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: node-1}
      spec: {podCIDRs: [10.1.0.0/24]}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: shop, labels: {app: a}}
      spec: {nodeName: node-1, containers: [{name: main, image: main}]}
      status: {phase: Running, podIPs: [{ip: 10.1.0.10}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b, namespace: shop, labels: {app: b}}
      spec: {nodeName: node-1, containers: [{name: main, image: main}]}
      status: {phase: Running, podIPs: [{ip: 10.1.0.11}]}
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: a}}
        ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]
      """;

  @TempDir Path folder;
  private Instance instance = Instance.DEFAULT;
  private Space node = new Space("rf-none");
  private Path policy = Path.of("policy.yaml");

  @BeforeEach
  void prepare() throws IOException {
    instance = Spaces.fresh();
    node = new Space(instance.node("node-1"));
    node.create();
    node.ip(
        """
        link add veth-a type veth peer name peer-a
        link set veth-a up
        route add 10.1.0.10/32 dev veth-a
        """);
    Files.writeString(folder.resolve("cluster.yaml"), CLUSTER);
    policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
  }

  @AfterEach
  void clear() throws IOException {
    Leftovers.clear(instance);
  }

  /// The command, in the node's namespace.
  private List<String> inNode(List<String> command) {
    List<String> out = new ArrayList<>(List.of("ip", "netns", "exec", node.name()));
    out.addAll(command);
    return out;
  }

  private Running start(String... more) throws IOException {
    return Ringfence.start(inNode(agent(more)));
  }

  private List<String> agent(String... more) {
    List<String> all =
        new ArrayList<>(Ringfence.command("agent", "--node", "node-1", "-f", folder.toString()));
    all.addAll(List.of(more));
    return all;
  }

  private Result once() throws Exception {
    try (Running agent = start("--once")) {
      return agent.end();
    }
  }

  private String table() {
    return node.run("nft", "list", "ruleset");
  }

  @Test
  void executesNoOtherProgram() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
    Path trace = folder.resolve("trace");
    List<String> traced =
        new ArrayList<>(
            List.of("strace", "-f", "-e", "trace=execve,execveat", "-o", trace.toString()));
    traced.addAll(agent("--once"));
    try (Running agent = Ringfence.start(inNode(traced))) {
      Result result = agent.end();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).contains("\"generation\":1,", "\"localPods\":2,");
    }
    assertThat(Files.readAllLines(trace))
        .filteredOn(line -> line.contains("exec"))
        .hasSize(1)
        .allMatch(line -> line.contains("/bin/java\""));
    assertThat(table()).contains("10.1.0.10", "10.1.0.11", "table netdev ringfence");
  }

  @Test
  void onceStaysInForceAndRemoveTakesItAway() throws Exception {
    Result first = once();
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out().lines()).hasSize(1).first().asString().contains("\"unguarded\":1,");
    String programmed = table();
    assertThat(programmed).contains("table inet ringfence");
    Result second = once();
    assertThat(second.out()).contains("\"elementsAdded\":0,\"elementsDeleted\":0,");
    try (Running remove = Ringfence.start(inNode(Ringfence.command("agent", "--remove")))) {
      assertThat(remove.end().exit()).isZero();
    }
    assertThat(table()).isEmpty();
  }

  @Test
  void inputWithErrorsChangesNothing() throws Exception {
    assertThat(once().exit()).isZero();
    String before = table();
    Files.writeString(policy, POLICY.replace("podSelector", "podSelectr"));
    Result refused = once();
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("policy.yaml:5", "podSelectr");
    assertThat(table()).isEqualTo(before);
  }

  @Test
  void watchFollowsTheFilesAndKeepsWhatItCannotRead() throws Exception {
    try (Running agent = start("--watch")) {
      agent.awaitOut(text -> text.contains("\"generation\":1,"));
      assertThat(node.run("nft", "list", "table", "inet", "ringfence")).doesNotContain("10.1.0.12");
      Files.writeString(folder.resolve("cluster.yaml"), CLUSTER.replace("10.1.0.11", "10.1.0.12"));
      agent.awaitOut(text -> text.contains("\"generation\":2,"));
      assertThat(table()).contains("10.1.0.12").doesNotContain("10.1.0.11");

      Files.writeString(policy, "kind: [");
      Files.writeString(folder.resolve("cluster.yaml"), CLUSTER.replace("10.1.0.11", "10.1.0.13"));
      agent.awaitOut(text -> text.contains("\"generation\":3,"));
      assertThat(table()).as("the policy stays, the pod has moved").contains("10.1.0.13");
      assertThat(agent.err()).contains("policy.yaml");
    }
    assertThat(table()).as("rules outlive their agent").contains("10.1.0.13");
  }
}
