package dev.ringfence.lab.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.Privileged;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The process in the background: it starts, answers, ends, and leaves nothing, however it ends.
@ExtendWith(Privileged.class)
final class LabProcessTest {
  private static final Instance INSTANCE = new Instance("proctest");
  private static final List<String> SERVE =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          System.getProperty("java.class.path"),
          ServeMain.class.getName(),
          INSTANCE.name());
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api, namespace: shop}
      spec:
        replicas: 2
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec: {containers: [{name: api, image: x, ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec: {selector: {app: api}, ports: [{port: 8080}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: [{name: web, image: x}]}
      """;

  @TempDir Path files;
  private final LabClient client = new LabClient(INSTANCE);
  private final List<String> steps = new ArrayList<>();

  @AfterEach
  void end() {
    client.down(step -> {});
  }

  private LabReport up() throws IOException {
    Files.writeString(files.resolve("shop.yaml"), MANIFESTS);
    return switch (client.up(
        SERVE, List.of(files.toString()), new byte[0], LabOptions.STANDARD, false, steps::add)) {
      case LabClient.Outcome.Probed(var report) -> report;
      case LabClient.Outcome.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(Leftovers.any(INSTANCE)).isFalse();
    assertThat(INSTANCE.state()).doesNotExist();
    assertThat(client.running()).isFalse();
  }

  @Test
  void upAnswersAndDownLeavesNothing() throws Exception {
    LabReport report = up();
    assertThat(report.probes().dataplane()).isEqualTo("kernel");
    assertThat(report.probes().different()).isZero();
    assertThat(steps).anyMatch(step -> step.startsWith("creating 7 network namespaces"));

    LabStatus status = client.status();
    assertThat(status.nodes()).hasSize(2);
    assertThat(status.ends())
        .extracting(LabStatus.EndStatus::id)
        .contains("shop/pod/web", "outside");

    assertThat(client.probe(List.of("shop/web", "shop/api", "8080"), step -> {}).probes().probes())
        .hasSize(4)
        .allMatch(one -> "allowed".equals(one.packet()));
    assertThatThrownBy(() -> client.probe(List.of("nobody", "web"), step -> {}))
        .hasMessage("nobody in the lab is called nobody");

    client.down(steps::add);
    assertNothingIsLeft();
    assertThat(client.down(step -> {})).isFalse();
  }

  @Test
  void namesResolveInside() throws Exception {
    up();
    Process curl =
        new ProcessBuilder(
                client.execCommand("web", List.of("curl", "-sf", "-m", "5", "http://api:8080")))
            .start();
    String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).matches("shop/api-[12]\n");
    assertThat(client.exec("shop/web", List.of("sh", "-c", "exit 7"))).isEqualTo(7);
  }

  @Test
  void afterACrashTheNextUpAndDownClear() throws Exception {
    up();
    ProcessHandle.of(client.status().pid()).orElseThrow().destroyForcibly();
    while (client.running()) {
      Thread.sleep(5);
    }
    assertThatThrownBy(client::status).hasMessageContaining("crashed");
    assertThat(Leftovers.namespaces(INSTANCE)).isNotEmpty();
    assertThat(up().probes().different()).isZero();
    ProcessHandle.of(client.status().pid()).orElseThrow().destroyForcibly();
    assertThat(client.down(step -> {})).isTrue();
    assertNothingIsLeft();
  }

  @Test
  void watchTellsOfEveryChange() throws Exception {
    up();
    BlockingQueue<LabClient.Outcome> outcomes = new LinkedBlockingQueue<>();
    Thread watcher =
        Thread.ofPlatform()
            .start(() -> {
              try {
                client.watch(outcomes::add, step -> {});
              } catch (LabException ended) {
                steps.add(String.valueOf(ended.getMessage()));
              }
            });
    assertThat(allowed(outcomes)).isPositive();
    Files.writeString(
        files.resolve("deny.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: shop}
        spec: {podSelector: {}}
        """);
    assertThat(allowed(outcomes)).isZero();
    // One file breaks and another changes: the first stays as it was, the second counts.
    Files.writeString(files.resolve("deny.yaml"), "kind: [");
    Files.writeString(files.resolve("shop.yaml"), MANIFESTS.replace("replicas: 2", "replicas: 3"));
    assertThat(next(outcomes)).isInstanceOf(LabClient.Outcome.Refused.class);
    LabClient.Outcome last = next(outcomes);
    while (!(last instanceof LabClient.Outcome.Probed)) {
      last = next(outcomes); // the two files need not change in one go
    }
    assertThat(last)
        .isInstanceOfSatisfying(
            LabClient.Outcome.Probed.class,
            probed -> {
              assertThat(probed.report().ends()).hasSize(5);
              assertThat(probed.report().probes().different()).isZero();
            });
    client.down(step -> {});
    watcher.join();
    assertThat(steps).contains("the lab has ended");
  }

  private static LabClient.Outcome next(BlockingQueue<LabClient.Outcome> outcomes)
      throws InterruptedException {
    LabClient.Outcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
    assertThat(outcome).isNotNull();
    return Objects.requireNonNull(outcome);
  }

  /// How many probes towards pods pass, in the next report.
  private static long allowed(BlockingQueue<LabClient.Outcome> outcomes)
      throws InterruptedException {
    return switch (next(outcomes)) {
      case LabClient.Outcome.Probed(var report) ->
          report.probes().probes().stream()
              .filter(one -> one.to().contains("/pod/") && "allowed".equals(one.packet()))
              .count();
      case LabClient.Outcome.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void inputWithErrorsStartsNothing() throws Exception {
    Path bad = Files.writeString(files.resolve("bad.yaml"), "kind: [");
    assertThat(
            client.up(
                SERVE,
                List.of(bad.toString()),
                new byte[0],
                LabOptions.STANDARD,
                false,
                steps::add))
        .isInstanceOfSatisfying(
            LabClient.Outcome.Refused.class,
            refused -> assertThat(refused.problems()).anyMatch(line -> line.contains("bad.yaml")));
    assertNothingIsLeft();
  }
}
