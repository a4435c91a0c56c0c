package dev.ringfence.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.agent.AgentRun.Mode;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.kubernetes.FaultyServer;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;
import dev.ringfence.report.AgentLine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The agent on a running cluster that misbehaves, in a network namespace.
final class LiveAgentTest {
  private static final String SPACE = "rf-livetest-" + ProcessHandle.current().pid();

  private static final AgentOptions QUIET =
      AgentOptions.QUIET.with(DataplaneOptions.STANDARD.withTableOwner(false));

  private final FaultyServer server = new FaultyServer();
  private final BlockingQueue<AgentLine> lines = new LinkedBlockingQueue<>();
  private final List<String> words = new CopyOnWriteArrayList<>();

  @BeforeEach
  void node() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/proc/self/ns/net")),
        "needs root on Linux");
    run("ip netns add " + SPACE);
    pod("web", "node-1", "web", "10.1.0.1");
    pod("db", "node-1", "db", "10.1.0.2");
    pod("far", "node-2", "far", "10.2.0.1");
    policy("db", "web");
  }

  @AfterEach
  void gone() throws Exception {
    if (Files.exists(NetworkNamespace.named(SPACE))) {
      run("ip netns del " + SPACE);
    }
  }

  private void pod(String name, String node, String app, String ip) {
    pod(name, node, app, ip, "");
  }

  private void pod(String name, String node, String app, String ip, String uid) {
    server.set(
        LiveKind.POD,
        name,
        """
        {"metadata":{"name":"%s","namespace":"shop","uid":"%s","resourceVersion":"%%s",
        "labels":{"app":"%s"}},
        "spec":{"nodeName":"%s","containers":[{"name":"c"}]},
        "status":{"phase":"Running","podIPs":[{"ip":"%s"}]}}\
        """
            .formatted(name, uid, app, node, ip));
  }

  private void policy(String subject, String peer) {
    server.set(LiveKind.NETWORK_POLICY, "p", policyText(subject, peer, ""));
  }

  private static String policyText(String subject, String peer, String more) {
    return """
    {"metadata":{"name":"p","namespace":"shop","generation":1,"resourceVersion":"%%s"},"spec":{%s
    "podSelector":{"matchLabels":{"app":"%s"}},"policyTypes":["Ingress"],
    "ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"%s"}}}]}]}}\
    """
        .formatted(more, subject, peer);
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

  private AgentRun agent(Mode mode) {
    return agent(mode, QUIET);
  }

  private AgentRun agent(Mode mode, AgentOptions options) {
    return new AgentRun(
        "node-1",
        new AgentInput.Cluster(server, Optional.of("ringfence")),
        mode,
        options,
        lines::add,
        (level, event, message) -> words.add(message));
  }

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

  private AgentLine line() throws InterruptedException {
    return Objects.requireNonNull(lines.poll(20, TimeUnit.SECONDS), "no line: " + words);
  }

  @Test
  void onceProgramsWhatTheClusterSaysAndEnds() throws Exception {
    assertThat(started(agent(Mode.ONCE)).get(30, TimeUnit.SECONDS)).isZero();
    AgentLine line = line();
    assertThat(line.localPods()).isEqualTo(2);
    assertThat(line.pods()).isEqualTo(3);
    assertThat(line.policies()).isEqualTo(1);
    assertThat(table()).contains("10.1.0.1");
  }

  @Test
  void theLeaseSaysHowFarThePoliciesGo() throws Exception {
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      line();
      policy("db", "far");
      line();
      String path = "/apis/coordination.k8s.io/v1/namespaces/ringfence/leases/ringfence-node-1";
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!server.applied().getOrDefault(path, "").contains("\"ringfence.dev/policies\":\"6\"")
          && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(server.applied().get(path))
          .contains("\"ringfence.dev/policies\":\"6\"")
          .contains("\"ringfence.dev/generation\":\"2\"")
          .contains("\"ringfence.dev/trouble\":\"\"")
          .contains("\"leaseDurationSeconds\":40");
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  /// S125, and nobody is opened while the server is away and addresses move.
  @Test
  void nothingOpensWhileTheServerIsAway() throws Exception {
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      line();
      String before = table();
      server.down(true);
      server.remove(LiveKind.POD, "web");
      server.remove(LiveKind.NETWORK_POLICY, "p");
      Thread.sleep(1500);
      assertThat(table()).isEqualTo(before);
      assertThat(words.toString()).contains("the cluster cannot be followed");
      policy("db", "web");
      pod("other", "node-2", "far", "10.1.0.1");
      server.compact();
      server.down(false);
      line();
      // The address belongs to a pod that may not come in.
      assertThat(table()).doesNotContain("10.1.0.1");
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
    assertThat(table()).contains("table inet ringfence");
  }

  private String event(String path, String reason) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      for (Map.Entry<String, String> one : server.applied().entrySet()) {
        if (one.getKey().startsWith(path)
            && one.getValue().contains("\"reason\":\"" + reason + "\"")) {
          return one.getValue();
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no " + reason + " at " + path + " in " + server.applied());
  }

  @Test
  void eventsNameWhatCannotBeEnforcedAsWritten() throws Exception {
    String written = policyText("db", "web", "");
    server.set(
        LiveKind.NETWORK_POLICY,
        "p",
        written.replace(
            "\"ingress\":[{",
            "\"ingress\":[{\"ports\":[{\"protocol\":\"TCP\",\"port\":\"sql\"}],"));
    server.set(
        LiveKind.NETWORK_POLICY,
        "q",
        written
            .replace("\"name\":\"p\"", "\"name\":\"q\"")
            .replace("\"ingress\":[{", "\"ingress\":[{\"ports\":[{\"protocol\":\"ICMP\"}],"));
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      line();
      String events = "/api/v1/namespaces/shop/events/";
      assertThat(event(events + "q.", "CannotBeEnforced"))
          .contains("spec.ingress[0].ports[0].protocol")
          .contains("ICMP");
      assertThat(event(events + "p.", "PortNameNotDeclared"))
          .contains("none of the pods that spec.podSelector selects declares a TCP port named");
      assertThat(words.toString()).contains("warning: networkpolicy/shop/p spec.ingress[0]");
      int before = server.writes();
      pod("more", "node-1", "db", "10.1.0.9");
      line();
      Thread.sleep(7000); // it has looked again by now, and says it no second time
      assertThat(server.applied().keySet().stream().filter(path -> path.contains("/events/")))
          .hasSize(2);
      assertThat(server.writes() - before).isLessThan(4); // the Lease is renewed
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void anEventOnTheNodeAndOnThePolicyTellsOfTheBudget() throws Exception {
    for (int i = 0; i < 4; i++) {
      pod("web-" + i, "node-2", "web", "10.2.1." + i);
    }
    AgentRun run = agent(Mode.STAY, QUIET.with(new MemberBudget(3)));
    CompletableFuture<Integer> code = started(run);
    try {
      assertThat(event("/api/v1/namespaces/default/events/node-1.", "OverMemberBudget"))
          .contains("the policies need 5 members")
          .contains("\"kind\":\"Node\"");
      assertThat(event("/api/v1/namespaces/shop/events/p.", "OverMemberBudget"))
          .contains("\"kind\":\"NetworkPolicy\"");
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  private static AgentOptions withMetrics() {
    return new AgentOptions(
        QUIET.table(),
        QUIET.budget(),
        QUIET.resync(),
        QUIET.proof(),
        Optional.empty(),
        false,
        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9464)),
        "1");
  }

  /// Empty before the agent stands, as nobody answers there then.
  private static String page(String path) throws Exception {
    String command = "ip netns exec " + SPACE + " curl -s http://127.0.0.1:9464" + path;
    Process curl = new ProcessBuilder(command.split(" ", -1)).start();
    return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String page(String path, Predicate<String> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String page = page(path);
    while (!wanted.test(page) && System.nanoTime() < end) {
      Thread.sleep(50);
      page = page(path);
    }
    assertThat(page).matches(wanted);
    return page;
  }

  @Test
  void readinessAndMetricsTellHowTheClusterIsFollowed() throws Exception {
    run("ip -n " + SPACE + " link set lo up");
    server.down(true);
    AgentRun run = agent(Mode.STAY, withMetrics());
    CompletableFuture<Integer> code = started(run);
    try {
      String missing = "not listed yet: Namespace (connection refused), Node (connection refused)";
      page("/readyz", text -> text.contains(missing));
      assertThat(page("/metrics"))
          .contains("ringfence_ready 0.0", "ringfence_cluster_listed{kind=\"Pod\"} 0.0")
          .contains("ringfence_cluster_trouble{kind=\"Pod\"} 1.0")
          .doesNotContain("ringfence_cluster_silent_seconds{");
      server.down(false);
      line();
      page("/readyz", "ok\n"::equals);
      pod("more", "node-2", "far", "10.2.0.9");
      server.compact();
      server.expire();
      page("/metrics", text -> text.contains("ringfence_cluster_relists_total{kind=\"Pod\"} 1.0"));
      assertThat(page("/metrics"))
          .contains("ringfence_cluster_objects{kind=\"Pod\"} 4.0")
          .contains("ringfence_cluster_objects{kind=\"NetworkPolicy\"} 1.0")
          .contains("ringfence_cluster_events_total{kind=\"NetworkPolicy\"} 0.0")
          .containsPattern("ringfence_cluster_silent_seconds\\{kind=\"Node\"} [0-9]\\.")
          .containsPattern("ringfence_cluster_watch_restarts_total\\{kind=\"Pod\"} [1-9]");
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void anEarlierTableStaysUntilEverythingWasListed() throws Exception {
    assertThat(started(agent(Mode.ONCE)).get(30, TimeUnit.SECONDS)).isZero();
    line();
    String before = table();
    server.down(true);
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      Thread.sleep(1000);
      assertThat(table()).isEqualTo(before);
      assertThat(lines).isEmpty();
      server.down(false);
      line();
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void whatDoesNotMatterHereIsNoGeneration() throws Exception {
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      assertThat(line().generation()).isEqualTo(1);
      pod("farther", "node-3", "far", "10.3.0.1");
      pod("far", "node-2", "far", "10.2.0.9");
      pod("web2", "node-2", "web", "10.2.0.2");
      AgentLine next = line();
      assertThat(next.generation()).isEqualTo(2);
      assertThat(next.elementsAdded()).isEqualTo(1);
      assertThat(table()).contains("10.2.0.2");
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  /// A pod made anew under its name, with its address, is another; what is judged anew for its
  /// sake, on whichever node it is, is so for a second.
  @Test
  void whereConnectionsAreKeptAnotherOwnerMatters() throws Exception {
    DataplaneOptions keep = QUIET.table().with(Established.Keep.STANDARD);
    AgentRun run = agent(Mode.STAY, QUIET.with(keep));
    CompletableFuture<Integer> code = started(run);
    try {
      line();
      assertThat(anew()).isEmpty();
      pod("far", "node-2", "far", "10.2.0.1", "another");
      line();
      assertThat(anew()).contains("10.2.0.1");
      pod("far", "node-2", "farther", "10.2.0.1", "another");
      pod("web", "node-1", "db", "10.1.0.1");
      line();
      assertThat(anew()).doesNotContain("10.1.0.1");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!anew().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(100);
      }
      assertThat(anew()).isEmpty();
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  /// Elements of the set of addresses that changed hands.
  private static String anew() throws Exception {
    String set = run("ip netns exec " + SPACE + " nft list set inet ringfence anew_4");
    return set.contains("elements") ? set.substring(set.indexOf("elements")) : "";
  }

  @Test
  void aPolicyOfANewerServerKeepsItsLastGoodVersion() throws Exception {
    AgentRun run = agent(Mode.STAY);
    CompletableFuture<Integer> code = started(run);
    try {
      line();
      String before = table();
      server.set(LiveKind.NETWORK_POLICY, "p", policyText("nobody", "far", "\"stance\":\"Deny\","));
      pod("web2", "node-2", "web", "10.2.0.2");
      line();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (words.isEmpty() && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertThat(words.toString())
          .contains("networkpolicy/shop/p")
          .contains("unknown field \"spec.stance\"")
          .contains("its last good version");
      while (server.applied().keySet().stream().noneMatch(path -> path.contains("/events/"))
          && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertThat(server.applied())
          .anySatisfy((path, json) -> {
            assertThat(path).startsWith("/api/v1/namespaces/shop/events/p.");
            assertThat(json).contains("CannotBeEnforced").contains("spec.stance");
          });
      assertThat(table().replace(", 10.2.0.2", "").replace("10.2.0.2, ", ""))
          .contains("10.1.0.1")
          .hasSameSizeAs(before);
    } finally {
      run.stop();
      assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }
  }
}
