package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.LabStatus.EndStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lab driven by the real `kubectl`: what it applies, real packets obey. One story, in order.
final class KubectlLabTest {
  private static final String LAB = "--instance=kubectltest";
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api, namespace: shop}
      spec:
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec: {containers: [{name: api, image: x, ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: web, image: x}]}
      """;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        ingress: [{from: [{podSelector: {matchLabels: {may: enter}}}]}]
      """;

  @TempDir static Path files;
  private static String kubeconfig = "";

  @BeforeAll
  static void up() throws Exception {
    assumeTrue(LabInstance.possible(), "needs root on Linux");
    assumeTrue(Files.exists(Path.of("/proc/net/netlink")), "needs netlink");
    assumeTrue(hasKubectl(), "needs kubectl 1.27 or later in the PATH");
    Files.writeString(files.resolve("shop.yaml"), MANIFESTS);
    start();
  }

  private static void start() {
    Run up = Run.of("lab", "up", files.toString(), LAB);
    assertThat(up.exit()).as(up.out() + up.err()).isEqualTo(0);
    assertThat(up.out()).contains("\nexport KUBECONFIG=");
    kubeconfig = up.out().substring(up.out().indexOf("KUBECONFIG=") + 11).strip();
  }

  @AfterAll
  static void down() {
    if (LabInstance.possible()) {
      Run.of("lab", "down", LAB);
      assertThat(Path.of("/run/ringfence/kubectltest")).doesNotExist();
    }
  }

  private static boolean hasKubectl() throws Exception {
    try {
      Said said = said(List.of("kubectl", "version", "--client"), "");
      return said.exit == 0
          && said.text.matches("(?s).*Client Version: v1\\.(2[7-9]|[3-9]\\d)\\..*");
    } catch (IOException none) {
      return false;
    }
  }

  private record Said(int exit, String text) {}

  private static Said said(List<String> command, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig);
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), out);
  }

  private static String kubectl(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kubectl", "-n", "shop"));
    command.addAll(List.of(arguments));
    Said said = said(command, input);
    assertThat(said.exit).as(command + ": " + said.text).isZero();
    return said.text;
  }

  /// Real packets, until they are as they should be: the API answers before they are.
  private static void packets(String word) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    String out;
    do {
      out = Run.of("lab", "probe", LAB, "shop/web", "shop/api", "8080").out();
      if (out.contains("packet " + word) && out.contains(", 0 differ")) {
        return;
      }
    } while (System.nanoTime() < deadline);
    assertThat(out).contains("packet " + word, ", 0 differ");
  }

  private static List<String> pods() throws Exception {
    return Json.read(Run.of("lab", "status", LAB, "-o", "json").out(), LabStatus.class)
        .ends()
        .stream()
        .map(EndStatus::id)
        .filter(id -> id.contains("/pod/"))
        .toList();
  }

  @Test
  void whatKubectlSaysPacketsObey() throws Exception {
    packets("allowed");
    kubectl(POLICY, "apply", "-f", "-");
    packets("denied");
    kubectl("", "label", "pod", "web", "may=enter");
    packets("allowed");
    kubectl("", "label", "pod", "web", "may-");
    packets("denied");
    kubectl("", "delete", "networkpolicy", "api");
    packets("allowed");

    Said bad =
        said(
            List.of("kubectl", "apply", "-f", "-"),
            POLICY.replace("ingress: [", "ingress: [{ports: [{port: 70000}]}, "));
    assertThat(bad.exit).isNotZero();
    assertThat(bad.text)
        .contains("is invalid: spec.ingress[0].ports[0].port: Invalid value: 70000");

    kubectl("", "scale", "deployment", "api", "--replicas=3");
    kubectl("", "rollout", "status", "deployment", "api", "--timeout=30s");
    assertThat(pods()).contains("shop/pod/api-1", "shop/pod/api-2", "shop/pod/api-3");
    kubectl("", "scale", "deployment", "api", "--replicas=1");
    kubectl("", "wait", "--for=delete", "pod/api-3", "pod/api-2", "--timeout=30s");
    kubectl("", "create", "deployment", "other", "--image=x");
    kubectl("", "wait", "--for=condition=Available", "deployment/other", "--timeout=30s");
    kubectl("", "delete", "pod", "api-1", "web");
    kubectl("", "rollout", "status", "deployment", "api", "--timeout=30s");
    assertThat(pods())
        .contains("shop/pod/api-1", "shop/pod/other-1")
        .doesNotContain("shop/pod/web");

    Said exec = said(List.of("kubectl", "-n", "shop", "exec", "api-1", "--", "true"), "");
    assertThat(exec.text).contains("ringfence lab exec shop/api-1 -- COMMAND");

    kubectl(POLICY, "apply", "-f", "-");
    long pid = Json.read(Run.of("lab", "status", LAB, "-o", "json").out(), LabStatus.class).pid();
    ProcessHandle lab = ProcessHandle.of(pid).orElseThrow();
    lab.destroyForcibly();
    lab.onExit().get(10, TimeUnit.SECONDS);
    start();
    assertThat(pods()).contains("shop/pod/other-1").doesNotContain("shop/pod/web");
    assertThat(kubectl("", "get", "networkpolicy", "-o", "name"))
        .contains("networkpolicy.networking.k8s.io/api");
  }
}
