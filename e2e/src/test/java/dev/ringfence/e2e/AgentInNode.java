package dev.ringfence.e2e;

import dev.ringfence.agent.AgentInput;
import dev.ringfence.agent.AgentOptions;
import dev.ringfence.agent.AgentRun;
import dev.ringfence.agent.socket.AgentClient;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.report.AgentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// The agent as people run it, following files, on a thread inside a node.
final class AgentInNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Path socket;
  private final AgentRun run;
  private final Thread thread;
  private final List<String> words = new CopyOnWriteArrayList<>();

  private AgentInNode(Space node, Path folder, DataplaneOptions table, Duration resync) {
    this.folder = folder;
    this.socket = folder.resolve("agent.sock");
    AgentOptions options =
        new AgentOptions(
            table,
            MemberBudget.STANDARD,
            resync,
            Duration.ZERO,
            Optional.of(socket),
            true,
            Optional.empty(),
            "test");
    this.run =
        new AgentRun(
            "node-1",
            new AgentInput.Files(List.of(folder.resolve("state").toString())),
            AgentRun.Mode.WATCH,
            options,
            line -> {},
            (level, event, message) -> words.add(message));
    this.thread =
        Thread.ofPlatform()
            .name("agent")
            .start(() -> {
              try (var _ = NetworkNamespace.enter(NetworkNamespace.named(node.name()))) {
                NetworkNamespace.requireNotMain();
                run.run(new byte[0]);
              }
            });
  }

  /// Starts it with these policies, and waits until they are in force.
  ///
  /// @param folder an empty one
  static AgentInNode start(
      Town town, Path folder, DataplaneOptions table, Duration resync, String policies)
      throws Exception {
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.writeString(state.resolve("pods.yaml"), pods(town));
    Files.writeString(state.resolve("policies.yaml"), policies);
    AgentInNode out = new AgentInNode(town.node("node-1"), folder, table, resync);
    try {
      out.await(status -> status.generation() == 1);
      return out;
    } catch (Exception | Error failed) {
      out.close();
      throw failed;
    }
  }

  private static String pods(Town town) {
    StringBuilder out =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """);
    for (End.OfPod pod : town.scenario().pods()) {
      out.append(
          """
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
          spec: {nodeName: node-1, containers: [{name: main, image: main}]}
          status: {podIPs: [{ip: '%2$s'}, {ip: '%3$s'}]}
          """
              .formatted(
                  pod.pod().name().name(),
                  pod.address(Family.IPV4).orElseThrow(),
                  pod.address(Family.IPV6).orElseThrow()));
    }
    return out.toString();
  }

  /// Brings other pods into force: the same, but one has another name.
  void renamed(Town town, String pod, String name) throws Exception {
    long generation = status().generation();
    Files.writeString(
        folder.resolve("state").resolve("pods.yaml"),
        pods(town).replace("{name: " + pod + ",", "{name: " + name + ","));
    await(status -> status.generation() > generation);
  }

  /// Brings other policies into force.
  void follow(String policies) throws Exception {
    long generation = status().generation();
    Files.writeString(folder.resolve("state").resolve("policies.yaml"), policies);
    await(status -> status.generation() > generation);
  }

  /// What it says of itself.
  AgentStatus status() throws IOException {
    return asked().orElseThrow(() -> new IllegalStateException("no agent: " + words));
  }

  private Optional<AgentStatus> asked() throws IOException {
    return new AgentClient(socket).status();
  }

  /// Waits until it says so of itself.
  AgentStatus await(Predicate<AgentStatus> wanted) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<AgentStatus> status = asked();
      if (status.filter(wanted).isPresent()) {
        return status.get();
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("waited in vain: " + asked() + words);
  }

  /// Whether the kernel's table does what the policies say, for every packet there can be.
  boolean proved() throws IOException {
    return new AgentClient(socket).proof().orElseThrow().equal();
  }

  /// What it told whoever reads its log.
  List<String> words() {
    return words;
  }

  @Override
  public void close() {
    run.stop();
    try {
      thread.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
