package dev.ringfence.lab.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What people type, with the real kubectl; each test in a namespace of its own.
final class KubectlTest {
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: {matchLabels: {app: crane}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: drill}}}]
          ports: [{protocol: TCP, port: 80}]
      """;

  @TempDir static Path home;

  private static ApiEndpoint endpoint;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws Exception {
    Kubectl.assumeThere(home);
    endpoint = ApiEndpoint.start(home.resolve("api"), ApiOptions.DEFAULT);
    kubectl = new Kubectl(home, endpoint.kubeconfig());
  }

  @AfterAll
  static void stop() throws IOException {
    if (endpoint != null) {
      endpoint.close();
    }
  }

  private static void namespace(String name) {
    ObjectNode namespace = Json.object();
    namespace.putObject("metadata").put("name", name);
    endpoint.registry().create(Kinds.NAMESPACE, "", namespace, WriteOptions.by("test"));
  }

  private static Path file(String text) throws IOException {
    Path out = Files.createTempFile(home, "manifest", ".yaml");
    return Files.writeString(out, text);
  }

  /// Runs it, expects it to end well, and gives what it printed.
  private static String ok(String... arguments) throws Exception {
    Kubectl.Said said = kubectl.run(arguments);
    assertThat(said.exit()).as(said.toString()).isZero();
    return said.out().strip();
  }

  private static String fails(String... arguments) throws Exception {
    Kubectl.Said said = kubectl.run(arguments);
    assertThat(said.exit()).as(said.toString()).isNotZero();
    return said.err().strip();
  }

  @Test
  void applyCreatesChangesAndRefuses() throws Exception {
    namespace("apply");
    String policy = file(POLICY).toString();
    String changed = file(POLICY.replace("port: 80", "port: 81")).toString();
    assertThat(ok("apply", "-n", "apply", "-f", policy)).endsWith("web created");
    assertThat(ok("apply", "-n", "apply", "-f", policy)).endsWith("web unchanged");
    Kubectl.Said diff = kubectl.run("diff", "-n", "apply", "-f", changed);
    assertThat(diff.exit()).isEqualTo(1);
    assertThat(diff.out()).contains("-    - port: 80", "+    - port: 81");
    assertThat(ok("get", "-n", "apply", "netpol", "web", "-o", "yaml")).contains("port: 80");
    assertThat(ok("apply", "-n", "apply", "-f", changed)).endsWith("web configured");
    String bad = file(POLICY.replace("port: 80", "port: 0").replace("TCP", "ICMP")).toString();
    assertThat(fails("apply", "-n", "apply", "-f", bad))
        .isEqualTo(
            """
            The NetworkPolicy "web" is invalid:\s
            * spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: \
            "TCP", "UDP", "SCTP"
            * spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, \
            inclusive\
            """);
    assertThat(fails("create", "-n", "apply", "--dry-run=server", "-f", bad))
        .contains("must be between 1 and 65535");
    String unknown = file(POLICY.replace("  ingress:", "  bogus: 1\n  ingress:")).toString();
    assertThat(fails("apply", "-n", "apply", "-f", unknown))
        .contains("strict decoding error: unknown field \"spec.bogus\"");
    Kubectl.Said warned = kubectl.run("apply", "-n", "apply", "--validate=warn", "-f", unknown);
    assertThat(warned.exit()).isZero();
    assertThat(warned.err()).contains("Warning: unknown field \"spec.bogus\"");
    assertThat(fails("create", "-n", "apply", "-f", policy)).contains("AlreadyExists");
    assertThat(fails("apply", "-n", "nosuch", "-f", policy))
        .contains("namespaces \"nosuch\" not found");
    assertThat(ok("replace", "-n", "apply", "-f", policy)).endsWith("web replaced");
    assertThat(ok("delete", "-n", "apply", "-f", policy)).contains("\"web\" deleted");
  }

  @Test
  void serverSideApplyKnowsOwners() throws Exception {
    namespace("ssa");
    String policy = file(POLICY).toString();
    String changed = file(POLICY.replace("port: 80", "port: 81")).toString();
    ok("apply", "-n", "ssa", "--server-side", "-f", policy);
    assertThat(ok("apply", "-n", "ssa", "--server-side", "-f", policy))
        .endsWith("web serverside-applied");
    assertThat(fails("apply", "-n", "ssa", "--server-side", "--field-manager=other", "-f", changed))
        .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.ingress");
    ok(
        "apply",
        "-n",
        "ssa",
        "--server-side",
        "--field-manager=other",
        "--force-conflicts",
        "-f",
        changed);
    assertThat(ok("get", "-n", "ssa", "netpol", "web", "-o", "jsonpath={.spec.ingress[0].ports}"))
        .contains("81");
  }

  @Test
  void editLabelAnnotateAndPatchChangeIt() throws Exception {
    namespace("edit");
    ok("apply", "-n", "edit", "-f", file(POLICY).toString());
    Kubectl.Said edited =
        kubectl.run(
            Map.of("KUBE_EDITOR", "sed -i s/drill/winch/"), "edit", "-n", "edit", "netpol", "web");
    assertThat(edited.out()).contains("web edited");
    ok("label", "-n", "edit", "netpol", "web", "team=dock");
    ok("annotate", "-n", "edit", "netpol", "web", "note=hi");
    ok("patch", "-n", "edit", "netpol", "web", "-p", "{\"spec\":{\"policyTypes\":[\"Egress\"]}}");
    ok(
        "patch",
        "-n",
        "edit",
        "netpol",
        "web",
        "--type=merge",
        "-p",
        "{\"spec\":{\"egress\":[{}]}}");
    assertThat(ok("get", "-n", "edit", "netpol", "-l", "team in (dock)", "-o", "yaml"))
        .contains("winch", "note: hi", "- Egress", "- {}");
    ok(
        "patch",
        "-n",
        "edit",
        "netpol",
        "web",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/spec/egress\"}]");
    ok("label", "-n", "edit", "netpol", "web", "team-");
    assertThat(ok("get", "-n", "edit", "netpol", "web", "-o", "yaml"))
        .doesNotContain("- {}", "team: dock");
    assertThat(ok("describe", "-n", "edit", "netpol", "web"))
        .contains("PodSelector:     app=crane", "Policy Types: Egress");
  }

  @Test
  void getShowsTablesListsAndPieces() throws Exception {
    namespace("get");
    for (String name : new String[] {"one", "two", "three"}) {
      ok(
          "create",
          "-n",
          "get",
          "-f",
          file(POLICY.replace("name: web", "name: " + name)).toString());
    }
    String table = ok("get", "-n", "get", "netpol", "--chunk-size=1");
    assertThat(table.lines()).hasSize(4);
    assertThat(table).containsPattern("NAME +POD-SELECTOR +AGE\none +app=crane +[0-9]+s");
    assertThat(ok("get", "-A", "netpol", "--field-selector", "metadata.name=two"))
        .containsPattern("get +two +app=crane");
    assertThat(ok("get", "-n", "get", "netpol", "-o", "name"))
        .isEqualTo(
            """
            networkpolicy.networking.k8s.io/one
            networkpolicy.networking.k8s.io/three
            networkpolicy.networking.k8s.io/two\
            """);
    assertThat(ok("get", "-n", "get", "netpol", "-o", "jsonpath={.items[*].metadata.name}"))
        .isEqualTo("one three two");
    assertThat(fails("get", "-n", "get", "netpol", "nosuch"))
        .isEqualTo(
            "Error from server (NotFound): networkpolicies.networking.k8s.io \"nosuch\" not found");
    assertThat(ok("explain", "networkpolicy.spec.ingress.from"))
        .contains("FIELD: from <[]NetworkPolicyPeer>", "ipBlock", "namespaceSelector");
    assertThat(ok("auth", "can-i", "create", "networkpolicies")).isEqualTo("yes");
    ok("delete", "-n", "get", "netpol", "--all");
    assertThat(kubectl.run("get", "-n", "get", "netpol").err()).contains("No resources found");
  }

  @Test
  void watchAndWaitSeeWhatHappens() throws Exception {
    namespace("watch");
    ok("apply", "-n", "watch", "-f", file(POLICY).toString());
    Path seen = Files.createTempFile(home, "watch", "");
    Process watching =
        kubectl.start(
            seen, "get", "-n", "watch", "netpol", "-w", "--output-watch-events", "-L", "team");
    Process waiting =
        kubectl.start(
            Files.createTempFile(home, "wait", ""),
            "wait",
            "-n",
            "watch",
            "netpol/web",
            "--for=jsonpath={.metadata.labels.team}=dock",
            "--timeout=40s");
    await(seen, "ADDED");
    ok("label", "-n", "watch", "netpol", "web", "team=dock");
    await(seen, "MODIFIED");
    assertThat(waiting.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting.exitValue()).isZero();
    Process gone =
        kubectl.start(
            Files.createTempFile(home, "gone", ""),
            "wait",
            "-n",
            "watch",
            "netpol/web",
            "--for=delete",
            "--timeout=40s");
    ok("delete", "-n", "watch", "netpol", "web");
    await(seen, "DELETED");
    assertThat(gone.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(gone.exitValue()).isZero();
    watching.destroy();
    assertThat(Kubectl.text(seen)).containsPattern("MODIFIED +web +app=crane +[0-9]+s +dock");
  }

  private static void await(Path file, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Kubectl.text(file).contains(text)) {
      assertThat(System.nanoTime()).as("no " + text + " in " + Kubectl.text(file)).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void workloadsAreCreatedScaledAndDeletedWithTheirNamespace() throws Exception {
    assertThat(ok("create", "namespace", "work")).isEqualTo("namespace/work created");
    ok("create", "deployment", "-n", "work", "web", "--image=nginx", "--replicas=2", "--port=80");
    assertThat(ok("scale", "-n", "work", "deployment/web", "--replicas=3")).endsWith("web scaled");
    assertThat(ok("get", "-n", "work", "deploy", "-o", "wide"))
        .containsPattern("web +0/3 +0 +0 +[0-9]+s +nginx +nginx +app=web");
    assertThat(ok("describe", "-n", "work", "deploy", "web")).contains("Port:          80/TCP");
    ok("run", "-n", "work", "probe", "--image=busybox:1");
    endpoint
        .registry()
        .updateStatus(
            Kinds.POD,
            "work",
            "probe",
            "test",
            pod -> {
              ObjectNode status = Json.objectIn(pod, "status").put("phase", "Running");
              status.put("podIP", "10.1.2.3");
              status.putArray("podIPs").addObject().put("ip", "10.1.2.3");
              status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
              return pod;
            });
    ok("wait", "-n", "work", "pod/probe", "--for=condition=Ready", "--timeout=20s");
    assertThat(ok("get", "-n", "work", "pods", "-o", "wide"))
        .containsPattern("probe +0/1 +Running +0 +[0-9]+s +10.1.2.3 +<none>");
    assertThat(ok("describe", "-n", "work", "pod", "probe")).containsPattern("IP: +10.1.2.3");
    assertThat(fails("exec", "-n", "work", "probe", "--", "true"))
        .contains("`ringfence lab exec work/probe -- COMMAND`");
    assertThat(ok("delete", "namespace", "work")).contains("\"work\" deleted");
    assertThat(fails("get", "-n", "work", "pod", "probe"))
        .contains("namespaces \"work\" not found");
    assertThat(endpoint.registry().list(Kinds.DEPLOYMENT)).isEmpty();
  }
}
