package dev.ringfence.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.agent.AgentRun.Mode;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.report.AgentLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent on files, in a network namespace with two pods' wires.
final class AgentRunTest {
  private static final String SPACE = "rf-agenttest-" + ProcessHandle.current().pid();
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
      status: {podIPs: [{ip: 10.1.0.1}, {ip: "fd01::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: node-1, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.1.0.2}, {ip: "fd01::2"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far, namespace: shop, labels: {app: far}}
      spec: {nodeName: node-2, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.2.0.1}]}
      """;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
      """;

  private static final String SECOND =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, namespace: shop, labels: {app: web}}
      spec: {nodeName: node-2, containers: [{name: c, image: x}]}
      status: {podIPs: [{ip: 10.2.0.2}]}
      """;

  @TempDir Path folder;
  private final BlockingQueue<AgentLine> lines = new LinkedBlockingQueue<>();
  private final List<String> words = new CopyOnWriteArrayList<>();

  @BeforeEach
  void node() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/proc/self/ns/net")),
        "needs root on Linux");
    ip("netns add " + SPACE);
    ip("-n " + SPACE + " link add web type veth peer name web-pod");
    ip("-n " + SPACE + " link set web up");
    ip("-n " + SPACE + " route add 10.1.0.1/32 dev web");
    Files.writeString(folder.resolve("cluster.yaml"), CLUSTER);
    Files.writeString(folder.resolve("policy.yaml"), POLICY);
  }

  @AfterEach
  void gone() throws Exception {
    if (Files.exists(NetworkNamespace.named(SPACE))) {
      ip("netns del " + SPACE);
    }
  }

  private static String ip(String arguments) throws Exception {
    return run("ip " + arguments);
  }

  private static String run(String command) throws Exception {
    Process process = new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static String table() throws Exception {
    return run("ip netns exec " + SPACE + " nft list ruleset");
  }

  private AgentRun agent(Mode mode, boolean owner, Duration resync) {
    return agent(
        mode,
        AgentOptions.QUIET
            .with(DataplaneOptions.STANDARD.withTableOwner(owner))
            .withResync(resync));
  }

  private AgentRun agent(Mode mode, AgentOptions options) {
    return new AgentRun(
        "node-1",
        new AgentInput.Files(List.of(folder.toString())),
        mode,
        options,
        lines::add,
        (level, event, message) -> words.add(message));
  }

  /// Runs inside the node, on a thread of its own.
  private static CompletableFuture<Integer> started(AgentRun run) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try (var _ = NetworkNamespace.enter(NetworkNamespace.named(SPACE))) {
            NetworkNamespace.requireNotMain();
            code.complete(run.run(new byte[0]));
          } catch (RuntimeException failed) {
            code.completeExceptionally(failed);
          }
        });
    return code;
  }

  private int once() throws Exception {
    return started(agent(Mode.ONCE, true, Duration.ZERO)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void onceProgramsAndEnds() throws Exception {
    assertThat(once()).isZero();
    AgentLine line = lines.remove();
    assertThat(line.generation()).isEqualTo(1);
    assertThat(List.of(line.localPods(), line.pods(), line.policies(), line.unguarded()))
        .as("local pods, pods, policies, unguarded")
        .containsExactly(2, 3, 1, 1);
    assertThat(table()).contains("table inet ringfence", "10.1.0.2");
    assertThat(words).isEmpty();
  }

  @Test
  void inputWithErrorsLeavesTheTableAlone() throws Exception {
    once();
    String before = table();
    Files.writeString(folder.resolve("policy.yaml"), POLICY.replace("podSelector", "podSelectr"));
    assertThat(once()).isEqualTo(AgentRun.REFUSED);
    assertThat(table()).isEqualTo(before);
    assertThat(words).anyMatch(word -> word.contains("policy.yaml"));
    assertThat(lines).hasSize(1);
  }

  @Test
  void tooManyMembersLeaveTheTableAloneUntilThereAreFewer() throws Exception {
    Path second = folder.resolve("second.yaml");
    AgentRun run = agent(Mode.WATCH, AgentOptions.QUIET.with(new MemberBudget(2)));
    CompletableFuture<Integer> code = started(run);
    assertThat(lines.poll(60, TimeUnit.SECONDS)).isNotNull();
    String before = table();
    Files.writeString(second, SECOND);
    await(() -> !words.isEmpty());
    assertThat(words)
        .singleElement()
        .asString()
        .contains("need 3 members", "2 members may be there", "shop/db");
    assertThat(table()).isEqualTo(before);
    Files.delete(second);
    assertThat(lines.poll(60, TimeUnit.SECONDS)).isNotNull();
    run.stop();
    assertThat(code.get(60, TimeUnit.SECONDS)).isZero();
    String left = table();
    assertThat(
            started(agent(Mode.ONCE, AgentOptions.QUIET.with(new MemberBudget(1))))
                .get(60, TimeUnit.SECONDS))
        .isEqualTo(AgentRun.REFUSED);
    assertThat(table()).isEqualTo(left);
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    for (int i = 0; i < 600 && !done.getAsBoolean(); i++) {
      Thread.sleep(100);
    }
    assertThat(done.getAsBoolean()).isTrue();
  }

  @Test
  void removeLeavesNothing() throws Exception {
    once();
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try (var _ = NetworkNamespace.enter(NetworkNamespace.named(SPACE))) {
            code.complete(AgentRun.remove((level, event, message) -> words.add(message)));
          }
        })
        .join();
    assertThat(code.get(1, TimeUnit.SECONDS)).as(words::toString).isZero();
    assertThat(table()).isEmpty();
  }

  @Test
  void watchFollowsTheFilesAndRepairs() throws Exception {
    AgentRun run = agent(Mode.WATCH, false, Duration.ofMillis(200));
    CompletableFuture<Integer> code = started(run);
    try {
      assertThat(next().generation()).isEqualTo(1);
      String more = CLUSTER.replace("app: far", "app: web");
      Files.writeString(folder.resolve("cluster.yaml"), more);
      AgentLine second = next();
      assertThat(second.generation()).isEqualTo(2);
      assertThat(second.elementsAdded()).isPositive();
      String right = table();
      Files.writeString(folder.resolve("policy.yaml"), "kind: [");
      assertThat(lines.poll(300, TimeUnit.MILLISECONDS)).as("the last good state stays").isNull();
      run("ip netns exec " + SPACE + " nft delete element inet ringfence isolated_4 {10.1.0.2}");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (words.stream().noneMatch(word -> word.startsWith("repaired"))
          && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      assertThat(parts(table())).isEqualTo(parts(right));
      assertThat(words).anyMatch(word -> word.startsWith("repaired"));
    } finally {
      run.stop();
    }
    assertThat(code.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(table()).contains("table inet ringfence");
  }

  private AgentLine next() throws InterruptedException {
    AgentLine line = lines.poll(60, TimeUnit.SECONDS);
    assertThat(line).as(words::toString).isNotNull();
    return java.util.Objects.requireNonNull(line);
  }

  /// The table's parts; nft lists counters in any order.
  private static List<String> parts(String table) {
    return table
        .replaceAll("0x0000000[0-9]", "")
        .transform(text -> Stream.of(text.split("\n\n")).map(String::strip).sorted().toList());
  }
}
