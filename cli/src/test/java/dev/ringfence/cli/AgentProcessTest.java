package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.agent.socket.AgentClient;
import dev.ringfence.agent.socket.AgentSockets;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.ProofDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent as a process of its own, as an administrator has it: asked, killed, mistreated.
final class AgentProcessTest {
  private static final String SPACE = "rf-agentproc-" + ProcessHandle.current().pid();
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: node-1, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.1.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: node-1, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.1.0.2}]}
      """;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop, uid: 0d0e, generation: 4}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
      """;

  @TempDir Path folder;
  private Path state = Path.of("");
  private Path socket = Path.of("");

  @BeforeEach
  void node() throws Exception {
    assumeTrue(LabInstance.possible(), "needs root on Linux");
    run("ip netns add " + SPACE);
    run("ip -n " + SPACE + " link set lo up");
    run("ip -n " + SPACE + " link add web type veth peer name web-pod");
    run("ip -n " + SPACE + " link set web up");
    run("ip -n " + SPACE + " route add 10.1.0.1/32 dev web");
    state = Files.createDirectory(folder.resolve("state"));
    socket = folder.resolve("run").resolve("node-1.sock");
    Files.writeString(state.resolve("cluster.yaml"), CLUSTER);
    Files.writeString(state.resolve("policy.yaml"), POLICY);
  }

  @AfterEach
  void gone() throws Exception {
    if (Files.exists(NetworkNamespace.named(SPACE))) {
      run("ip netns del " + SPACE);
    }
  }

  private static String run(String command) throws Exception {
    Process process = new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static String nft(String command) throws Exception {
    return run("ip netns exec " + SPACE + " nft " + command);
  }

  private AgentProcess agent(String... more) throws IOException {
    return agent(socket, more);
  }

  private AgentProcess agent(Path at, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("agent", "--node", "node-1", "--watch"));
    arguments.addAll(List.of("-f", state.toString(), "--socket", at.toString()));
    arguments.addAll(List.of(more));
    return AgentProcess.start(SPACE, folder, arguments);
  }

  private AgentStatus status() {
    try {
      return new AgentClient(socket).status().orElseThrow();
    } catch (IOException unanswered) {
      throw new UncheckedIOException(unanswered);
    }
  }

  private AgentStatus await(AgentProcess agent, String what, Predicate<AgentStatus> come)
      throws InterruptedException {
    agent.await(what, () -> come.test(status()));
    return status();
  }

  /// What a command prints, of itself `status`, and its exit code after it.
  private String printed(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    if (words.length == 0 || !words[0].equals("debug")) {
      arguments.addFirst("status");
    }
    arguments.addAll(List.of("--socket", socket.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        Main.run(arguments.toArray(String[]::new), new ByteArrayInputStream(new byte[0]), out, out);
    return out.toString(StandardCharsets.UTF_8) + "exit " + code;
  }

  @Test
  void saysHowItStands() throws Exception {
    try (AgentProcess agent = agent()) {
      agent.awaitGenerations(1);
      AgentStatus is = await(agent, "a proof", now -> !now.proof().result().equals("not-run"));
      assertThat(is.proof().result()).as(is.proof().toString()).isEqualTo("equal");
      assertThat(is.healthy() && is.ready()).as(is.toString()).isTrue();
      assertThat(is.generation()).isEqualTo(1);
      assertThat(is.pid()).isEqualTo(agent.pid());
      assertThat(is.holds().localPods()).isEqualTo(2);
      assertThat(is.holds().estimatedKernelBytes()).isPositive();
      assertThat(is.denied()).containsOnlyKeys("ingress", "egress", "unsure");
      assertThat(is.policies())
          .containsExactly(new AgentStatus.InForce("networkpolicy/shop/db", "0d0e", 4L));
      assertThat(is.unguarded()).hasSize(1);
      assertThat(is.unguarded().getFirst().reason()).contains("10.1.0.2");
      assertThat(printed()).startsWith("node node-1: healthy\n").endsWith("exit 0");
      assertThat(printed("debug", "table"))
          .contains("node node-1, generation 1", "the kernel holds exactly this")
          .endsWith("exit 0");
      assertThat(printed("-o", "json")).startsWith("{\"node\":\"node-1\"").endsWith("exit 0");
      assertThat(Files.getPosixFilePermissions(socket))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(Files.getPosixFilePermissions(socket.resolveSibling("")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      run("ip -n " + SPACE + " route add 10.1.0.2/32 dev web");
      await(agent, "a wire for db", now -> now.unguarded().isEmpty());
      agent.terminate();
      assertThat(agent.exitCode()).isZero();
      assertThat(agent.errors()).contains("the rules stay");
    }
    assertThat(nft("list ruleset")).contains("table inet ringfence", "10.1.0.2");
    assertThat(Files.exists(socket)).as("a socket is left").isFalse();
    assertThat(printed()).contains("no agent is running").endsWith("exit 3");
  }

  @Test
  void badInputKeepsTheLastGoodState() throws Exception {
    try (AgentProcess agent = agent("--log=json")) {
      agent.awaitGenerations(1);
      String before = nft("list table inet ringfence");
      Files.writeString(
          state.resolve("policy.yaml"), POLICY.replace("  podSelector", "  podSelectr"));
      AgentStatus bad = await(agent, "a refusal", now -> !now.healthy());
      assertThat(bad.input().refusals().getFirst()).contains("policy.yaml:5:");
      assertThat(bad.lastError()).isNotNull();
      assertThat(bad.lastError().lastGoodInForce()).isTrue();
      assertThat(bad.ready()).isFalse();
      assertThat(printed()).startsWith("node node-1: degraded\n").endsWith("exit 1");
      assertThat(nft("list table inet ringfence")).isEqualTo(before);
      agent.awaitError("\"event\":\"input-refused\"");
      Files.writeString(state.resolve("policy.yaml"), POLICY.replace("5432", "5433"));
      AgentStatus good = await(agent, "recovery", AgentStatus::healthy);
      assertThat(good.generation()).isEqualTo(2);
      assertThat(good.lastError()).isNotNull();
      assertThat(good.lastError().over()).isTrue();
    }
  }

  @Test
  void aKilledOneIsSucceeded() throws Exception {
    try (AgentProcess agent = agent()) {
      agent.awaitGenerations(1);
      agent.kill();
    }
    assertThat(Files.exists(socket)).as("a socket is left").isTrue();
    assertThat(printed()).endsWith("exit 3");
    assertThat(nft("list ruleset")).contains("10.1.0.2");
    try (AgentProcess next = agent()) {
      next.awaitGenerations(1);
      assertThat(next.lines().getFirst()).contains("\"elementsAdded\":0,\"elementsDeleted\":0");
      assertThat(status().healthy()).isTrue();
    }
  }

  @Test
  void thereIsOneForANamespace() throws Exception {
    try (AgentProcess agent = agent()) {
      agent.awaitGenerations(1);
      try (AgentProcess second = agent(folder.resolve("other.sock"))) {
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.errors())
            .contains("the agent of node node-1, process " + agent.pid(), "end it first");
      }
      assertThat(status().healthy()).as("the first is not disturbed").isTrue();
      assertThat(agent.lines()).hasSize(1);
    }
  }

  @Test
  void nodesOfOneNameEachHaveASocket() throws Exception {
    String name = "node-" + SPACE;
    List<String> usual = List.of("agent", "--node", name, "-f", state.toString(), "--watch");
    String other = SPACE + "-2";
    run("ip netns add " + other);
    try (AgentProcess one = AgentProcess.start(SPACE, folder, usual)) {
      one.awaitGenerations(1);
      try (AgentProcess two = AgentProcess.start(other, folder, usual)) {
        two.awaitGenerations(1);
        List<Path> sockets = AgentSockets.allOf(name);
        assertThat(sockets).hasSize(2);
        List<Long> answering = new ArrayList<>();
        for (Path at : sockets) {
          answering.add(new AgentClient(at).status().orElseThrow().pid());
        }
        assertThat(answering).containsExactlyInAnyOrder(one.pid(), two.pid());
        two.terminate();
        two.exitCode();
      }
      one.terminate();
      one.exitCode();
      assertThat(AgentSockets.allOf(name)).isEmpty();
    } finally {
      run("ip netns del " + other);
    }
  }

  @Test
  void foreignEditsAreRepairedAndCounted() throws Exception {
    try (AgentProcess agent = agent("--table-owner=off", "--resync=1")) {
      agent.awaitGenerations(1);
      assertThat(status().table().owned()).isFalse();
      nft("delete element inet ringfence isolated_4 { 10.1.0.2 }");
      assertThat(new AgentClient(socket).proof()).isPresent();
      AgentStatus once = await(agent, "a repair", now -> now.table().repairs() == 1);
      assertThat(once.table().repaired()).isEqualTo(1);
      await(agent, "health", AgentStatus::healthy);
      assertThat(nft("list set inet ringfence isolated_4")).contains("10.1.0.2");
      nft("delete table inet ringfence");
      await(agent, "a second repair", now -> now.table().repairs() == 2);
      assertThat(nft("list ruleset")).contains("table inet ringfence", "10.1.0.2");
    }
  }

  @Test
  void aProofFindsWhatNobodyMayRepair() throws Exception {
    try (AgentProcess agent = agent("--table-owner=off", "--resync=0", "--proof-interval=0")) {
      agent.awaitGenerations(1);
      ProofDocument equal = new AgentClient(socket).proof().orElseThrow();
      assertThat(equal.equal()).as(equal.toString()).isTrue();
      nft("delete element inet ringfence isolated_4 { 10.1.0.2 }");
      ProofDocument differs = new AgentClient(socket).proof().orElseThrow();
      assertThat(differs.equal()).isFalse();
      assertThat(differs.differences())
          .anyMatch(one -> one.words().contains(" 10.1.0.2:") && one.table().equals("allowed"));
      assertThat(status().healthy()).isFalse();
      assertThat(printed("debug", "proof"))
          .startsWith("node node-1: THE TABLE DOES NOT DO what the policies say\n")
          .contains(" 10.1.0.2:", "      allowed by ")
          .endsWith("exit 1");
      assertThat(printed()).contains("is not what the policies say").endsWith("exit 1");
      nft("add element inet ringfence isolated_4 { 10.1.0.2 }");
      assertThat(printed("debug", "proof", "-o", "json")).endsWith("exit 0");
      assertThat(status().healthy()).isTrue();
    }
  }

  @Test
  void onceIsProved() throws Exception {
    try (AgentProcess agent =
        AgentProcess.start(
            SPACE,
            folder,
            List.of("agent", "--node", "node-1", "-f", state.toString(), "--once"))) {
      assertThat(agent.exitCode()).as(agent::errors).isZero();
      assertThat(agent.lines().getFirst()).contains("\"proof\":\"equal\"");
    }
  }

  @Test
  void isScraped() throws Exception {
    try (AgentProcess agent = agent("--metrics=127.0.0.1:0")) {
      agent.awaitGenerations(1);
      agent.awaitError("metrics at http://127.0.0.1:");
      Matcher at = Pattern.compile("http://127.0.0.1:[0-9]+").matcher(agent.errors());
      assertThat(at.find()).isTrue();
      String page = get(at.group() + "/metrics");
      assertThat(page)
          .startsWith("200 ")
          .contains(
              "ringfence_generation 1.0\n",
              "ringfence_ready 1.0\n",
              "ringfence_unguarded_pods 1.0\n",
              "ringfence_event_to_kernel_seconds_count 1\n",
              "ringfence_generations_total{result=\"applied\"} 1.0\n",
              "ringfence_errors_total{about=\"input\"} 0.0\n",
              "ringfence_denied_packets_total{direction=\"ingress\"} 0.0\n",
              "ringfence_build_info{",
              "jvm_memory_used_bytes");
      metricsAreDocumented(page);
      assertThat(get(at.group() + "/healthz")).isEqualTo("200 ok\n");
      assertThat(get(at.group() + "/readyz")).isEqualTo("200 ok\n");
      assertThat(get(at.group() + "/secrets")).startsWith("404 ");
      Files.writeString(state.resolve("policy.yaml"), "kind: [");
      await(agent, "a refusal", now -> !now.healthy());
      assertThat(get(at.group() + "/readyz")).startsWith("503 ").contains("policy.yaml:");
      assertThat(get(at.group() + "/healthz")).isEqualTo("200 ok\n");
      assertThat(get(at.group() + "/metrics")).contains("errors_total{about=\"input\"} 1.0\n");
    }
  }

  private static void metricsAreDocumented(String page) throws IOException {
    String documented = Files.readString(Path.of("..", "docs", "metrics.md"));
    page.lines()
        .filter(line -> line.startsWith("# TYPE ringfence_"))
        .map(line -> line.split(" ", -1)[2])
        .forEach(name -> assertThat(documented).contains("`" + name + "`"));
  }

  /// Inside the namespace: nothing is asked of the machine's own loopback.
  private static String get(String url) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try (var _ = NetworkNamespace.enter(NetworkNamespace.named(SPACE))) {
            NetworkNamespace.requireNotMain();
            answer.complete(curl(url));
          } catch (Exception failed) {
            answer.completeExceptionally(failed);
          }
        });
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static String curl(String url) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    int code = connection.getResponseCode();
    try (var body = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return code + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
