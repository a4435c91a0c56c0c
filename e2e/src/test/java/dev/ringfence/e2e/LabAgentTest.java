package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.kubernetes.ClusterAccess;
import dev.ringfence.kubernetes.ClusterReading;
import dev.ringfence.lab.Answers;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.LabReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// An agent follows the lab's API as it would any cluster's, and whoever reads it there sees what
/// the lab does.
@ExtendWith(NeedsKernel.class)
final class LabAgentTest {
  private static final String SHOP =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: api, namespace: shop, labels: {app: api}}
      spec: {nodeName: node-1, containers: [{name: main, image: main, ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: web}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]
      """;

  private static final String NOBODY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nobody, namespace: shop}
      spec: {podSelector: {}}
      """;

  @TempDir Path folder;
  @TempDir Path home;
  private Instance instance = Instance.DEFAULT;
  private LabClient lab = new LabClient(instance);
  private LabKubectl kubectl = new LabKubectl(Path.of("."), Path.of("."));

  @BeforeEach
  void up() throws Exception {
    instance = Spaces.fresh();
    lab = new LabClient(instance);
    kubectl = new LabKubectl(home, lab.kubeconfig());
    kubectl.assumeThere();
    Files.writeString(folder.resolve("shop.yaml"), SHOP);
    Result up = Ringfence.run("lab", "up", "--instance=" + instance.name(), folder.toString());
    assertThat(up.exit()).as(up.out() + up.err()).isZero();
  }

  @AfterEach
  void down() {
    lab.down(step -> {});
  }

  @Test
  void anAgentFollowsTheApi() throws Exception {
    Space space = new Space(instance.prefix() + "agent");
    space.create();
    try (LabRelay _ = LabRelay.in(space, port())) {
      try (Running once = agent(space, "--once")) {
        Result result = once.end();
        assertThat(result.exit()).as(result.toString()).isZero();
        assertThat(result.out()).contains("\"policies\":1,", "\"pods\":4,");
      }
      try (Running agent = agent(space, "--lease-namespace", "shop")) {
        agent.awaitOut(out -> last(out).contains("\"policies\":1,"));
        kubectl.ok("apply", "-f", kubectl.file(NOBODY));
        agent.awaitOut(out -> last(out).contains("\"policies\":2,"));
        kubectl.ok("-n", "shop", "scale", "deployment/web", "--replicas=5");
        agent.awaitOut(out -> last(out).contains("\"pods\":6,"));
        try (Running rollout = rollout()) {
          rollout.awaitOut(out -> out.contains(" is in force on 1 of 2 nodes"));
        }
        kubectl.ok("delete", "-f", kubectl.file(NOBODY));
        agent.awaitOut(out -> last(out).contains("\"policies\":1,"));
      }
      assertThat(space.run("nft", "list", "table", "inet", "ringfence")).contains("shop/api");
    }
  }

  private static String last(String lines) {
    return lines.strip().lines().reduce("", (one, next) -> next);
  }

  private int port() throws IOException {
    try (ClusterAccess access = access()) {
      return URI.create(access.address()).getPort();
    }
  }

  private ClusterAccess access() throws IOException {
    return ClusterAccess.of(Optional.of(lab.kubeconfig().toString()), Optional.empty());
  }

  private Running agent(Space space, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", space.name()));
    command.addAll(
        Ringfence.command(
            "agent",
            "--node=node-1",
            "--live",
            "--kubeconfig=" + lab.kubeconfig(),
            "--socket=" + home.resolve("agent.sock")));
    command.addAll(List.of(more));
    return Ringfence.start(command);
  }

  private Running rollout() throws IOException {
    return Ringfence.start(
        Ringfence.command(
            "rollout",
            "status",
            "shop/nobody",
            "--lease-namespace=shop",
            "--kubeconfig=" + lab.kubeconfig()));
  }

  @Test
  void whoReadsTheApiSeesWhatTheLabDoes() throws Exception {
    assertThat(live()).isEqualTo(answers(lab.probe(List.of(), step -> {})));
    kubectl.ok("apply", "-f", kubectl.file(NOBODY));
    kubectl.ok("-n", "shop", "label", "pod", "web-1", "app=other", "--overwrite");
    List<String> after = answers(lab.probe(List.of(), step -> {}));
    assertThat(after).anyMatch(line -> line.contains("shop/pod/web-4"));
    assertThat(live()).isEqualTo(after);
  }

  private List<String> live() throws Exception {
    try (ClusterAccess access = access()) {
      Loaded read = ClusterReading.of(access);
      assertThat(read.problems()).isEmpty();
      return answers(
          Answers.evaluatorOnly(
              Scenario.of(read.snapshot(), read.policies(), read.outside(), 1, Assigned.NOTHING)));
    }
  }

  private static List<String> answers(LabReport report) {
    assertThat(report.probes().different()).isZero();
    return report.probes().probes().stream()
        .map(one ->
            String.join(
                " ",
                one.from(),
                one.to(),
                one.protocol(),
                String.valueOf(one.port()),
                one.family(),
                one.answer()))
        .toList();
  }
}
