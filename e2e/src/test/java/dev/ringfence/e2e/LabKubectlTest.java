package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A running lab, driven by the real kubectl: packets obey as soon as it has returned.
@ExtendWith(NeedsKernel.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabKubectlTest {
  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, labels: {app: a}}
      spec: {nodeName: node-1, containers: [{name: main, image: main, ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b, labels: {app: b}}
      spec: {nodeName: node-2, containers: [{name: main, image: main}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: c, labels: {app: c}}
      spec: {nodeName: node-1, containers: [{name: main, image: main}]}
      """;

  private static final String ONLY_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a}
      spec:
        podSelector:
          matchLabels: {app: a}
        ingress:
        - from:
          - podSelector:
              matchLabels:
                app: b
          ports:
          - port: 8080
      """;

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: "web:1", ports: [{containerPort: 8080}]}]}
      """;

  private Path manifests = Path.of(".");
  private Instance instance = Instance.DEFAULT;
  private LabClient lab = new LabClient(instance);
  private LabKubectl kubectl = new LabKubectl(Path.of("."), Path.of("."));

  @BeforeAll
  void up(@TempDir Path folder, @TempDir Path home) throws Exception {
    manifests = folder;
    instance = Spaces.fresh();
    lab = new LabClient(instance);
    kubectl = new LabKubectl(home, lab.kubeconfig());
    kubectl.assumeThere();
    Files.writeString(
        folder.resolve("lab.yaml"),
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: quay}
        """);
    goUp();
  }

  private void goUp() throws Exception {
    Result up = Ringfence.run("lab", "up", "--instance=" + instance.name(), manifests.toString());
    assertThat(up.exit()).as(up.out() + up.err()).isZero();
  }

  @AfterAll
  void down() {
    lab.down(step -> {});
  }

  /// A namespace with the pods a, b and c.
  private void people(String namespace) throws Exception {
    kubectl.ok("create", "namespace", namespace);
    kubectl.ok("-n", namespace, "apply", "-f", kubectl.file(PODS));
  }

  private void allowed(String from, String to) {
    assertThat(probe(from, to)).as(from + " -> " + to).isNotEmpty().containsOnly("allowed");
  }

  private void denied(String from, String to) {
    assertThat(probe(from, to)).as(from + " -> " + to).isNotEmpty().containsOnly("denied");
  }

  /// What became of the packets.
  private List<String> probe(String from, String to) {
    return lab.probe(List.of(from, to, "8080"), step -> {}).probes().probes().stream()
        .map(one -> String.valueOf(one.packet()))
        .toList();
  }

  /// The network namespaces of the pods of a namespace.
  private List<String> spaces(String namespace) throws IOException {
    return Leftovers.namespaces(instance).stream()
        .filter(name -> name.contains("pod." + namespace + "."))
        .toList();
  }

  @Test
  void policiesAndLabelsAreInForceWhenKubectlReturns() throws Exception {
    people("shop");
    String policy = kubectl.file(ONLY_B);
    allowed("shop/c", "shop/a");
    kubectl.ok("-n", "shop", "apply", "-f", policy);
    denied("shop/c", "shop/a");
    allowed("shop/b", "shop/a");
    kubectl.ok("-n", "shop", "label", "pod", "c", "app=b", "--overwrite");
    allowed("shop/c", "shop/a");
    kubectl.ok("-n", "shop", "label", "pod", "c", "app=c", "--overwrite");
    denied("shop/c", "shop/a");
    assertThat(kubectl.ok("-n", "shop", "edit", "networkpolicy", "a")).contains("a edited");
    allowed("shop/c", "shop/a");
    denied("shop/b", "shop/a");
    kubectl.ok(
        "-n",
        "shop",
        "patch",
        "networkpolicy",
        "a",
        "--type=json",
        "-p",
        """
        [{"op": "replace", "path": "/spec/ingress/0/from/0",
          "value": {"namespaceSelector": {"matchLabels": {"team": "dock"}}}}]
        """);
    denied("shop/b", "shop/a");
    kubectl.ok("label", "namespace", "shop", "team=dock");
    allowed("shop/b", "shop/a");
    kubectl.ok("label", "namespace", "shop", "team-");
    denied("shop/b", "shop/a");
    kubectl.ok("-n", "shop", "delete", "networkpolicy", "a");
    allowed("shop/c", "shop/a");
  }

  @Test
  void whatIsOnlyAskedChangesNothing() throws Exception {
    people("ask");
    String policy = kubectl.file(ONLY_B);
    kubectl.ok("-n", "ask", "apply", "-f", policy);
    String other = kubectl.file(ONLY_B.replace("app: b", "app: c"));
    Result diff = kubectl.run("-n", "ask", "diff", "-f", other);
    assertThat(diff.exit()).isEqualTo(1);
    assertThat(diff.out()).contains("-          app: b", "+          app: c");
    kubectl.ok("-n", "ask", "apply", "--dry-run=server", "-f", other);
    assertThat(
            kubectl.refused("-n", "ask", "apply", "-f", kubectl.file(ONLY_B.replace("8080", "0"))))
        .contains(
            "The NetworkPolicy \"a\" is invalid: spec.ingress[0].ports[0].port: Invalid value: 0: "
                + "must be between 1 and 65535, inclusive");
    denied("ask/c", "ask/a");
    allowed("ask/b", "ask/a");
    assertThat(kubectl.run("-n", "ask", "diff", "-f", policy).exit()).isZero();
    assertThat(kubectl.ok("explain", "networkpolicy.spec.ingress.from"))
        .contains("from <[]NetworkPolicyPeer>", "namespaceSelector", "ipBlock");
    assertThat(kubectl.ok("-n", "ask", "describe", "networkpolicy", "a"))
        .contains("To Port: 8080/TCP", "PodSelector: app=b");
    assertThat(kubectl.refused("-n", "ask", "exec", "a", "--", "true"))
        .contains("`ringfence lab exec ask/a -- COMMAND`");
  }

  @Test
  void watchersSeePodsComeAndGo() throws Exception {
    kubectl.ok("create", "namespace", "watch");
    try (Running watch =
        kubectl.start("-n", "watch", "get", "pods", "-w", "-o", "wide", "--output-watch-events")) {
      people("watched");
      kubectl.ok("-n", "watch", "apply", "-f", kubectl.file(PODS));
      kubectl.ok("-n", "watch", "wait", "pod/a", "--for=condition=Ready", "--timeout=20s");
      assertThat(kubectl.ok("-n", "watch", "get", "pods", "-o", "wide"))
          .containsPattern("b +1/1 +Running +0 +[0-9]+s +10\\.[0-9.]+ +node-2");
      assertThat(kubectl.ok("-n", "watch", "describe", "pod", "b"))
          .containsPattern("Node: +node-2/192\\.168\\.[0-9.]+\n")
          .containsPattern("Status: +Running");
      kubectl.ok("-n", "watch", "delete", "pod", "b");
      watch.awaitOut(out -> out.contains("DELETED"));
      assertThat(watch.out())
          .containsPattern("ADDED +b +0/1 +Pending")
          .containsPattern("MODIFIED +b +1/1 +Running")
          .containsPattern("DELETED +b +1/1")
          .doesNotContain("watched");
      assertThat(spaces("watch")).hasSize(2);
    }
  }

  @Test
  void deploymentsMakePodsThatObey() throws Exception {
    people("work");
    kubectl.ok("-n", "work", "apply", "-f", kubectl.file(WEB));
    kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s");
    String policy = ONLY_B.replace("app: a}", "app: web}");
    kubectl.ok("-n", "work", "apply", "-f", kubectl.file(policy));
    kubectl.ok("-n", "work", "scale", "deployment/web", "--replicas=3");
    kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s");
    assertThat(webs()).hasSize(3).allSatisfy(this::obeys);
    assertThat(spaces("work")).hasSize(6);

    String first = webs().getFirst();
    kubectl.ok("-n", "work", "delete", "pod", first);
    kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s");
    assertThat(webs()).hasSize(3).allSatisfy(this::obeys);

    kubectl.ok("-n", "work", "set", "image", "deployment/web", "web=web:2");
    assertThat(kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s"))
        .contains("successfully rolled out");
    assertThat(
            kubectl.ok(
                "-n",
                "work",
                "get",
                "pods",
                "-l",
                "app=web",
                "-o",
                "jsonpath={.items[*].spec.containers[0].image}"))
        .isEqualTo("web:2 web:2 web:2");
    assertThat(webs()).allSatisfy(this::obeys);
    kubectl.ok("-n", "work", "rollout", "undo", "deployment/web");
    kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s");
    assertThat(kubectl.ok("-n", "work", "get", "replicasets", "-o", "wide"))
        .containsPattern("web-[0-9a-z]+ +3 +3 +3 +[0-9]+s +web +web:1")
        .containsPattern("web-[0-9a-z]+ +0 +0 +0 +[0-9]+s +web +web:2");

    kubectl.ok("-n", "work", "scale", "deployment/web", "--replicas=1");
    kubectl.ok("-n", "work", "rollout", "status", "deployment/web", "--timeout=20s");
    assertThat(webs()).hasSize(1).allSatisfy(this::obeys);
    assertThat(spaces("work")).hasSize(4);
    kubectl.ok("delete", "namespace", "work");
    assertThat(spaces("work")).isEmpty();
  }

  private List<String> webs() throws Exception {
    String names =
        kubectl.ok(
            "-n",
            "work",
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[*].metadata.name}");
    return List.of(names.split(" ", -1));
  }

  private void obeys(String pod) {
    allowed("work/b", "work/" + pod);
    denied("work/c", "work/" + pod);
  }

  @Test
  void daemonsFollowTheNodes() throws Exception {
    kubectl.ok("create", "namespace", "daemons");
    String daemons =
        WEB.replace("kind: Deployment", "kind: DaemonSet").replace("  replicas: 1\n", "");
    kubectl.ok("-n", "daemons", "apply", "-f", kubectl.file(daemons));
    kubectl.ok("-n", "daemons", "rollout", "status", "daemonset/web", "--timeout=20s");
    assertThat(spaces("daemons")).hasSize(2);
    kubectl.ok(
        "apply",
        "-f",
        kubectl.file(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-3}
            """));
    kubectl.ok("wait", "node/node-3", "--for=condition=Ready", "--timeout=20s");
    kubectl.ok("-n", "daemons", "rollout", "status", "daemonset/web", "--timeout=20s");
    assertThat(spaces("daemons")).hasSize(3);
    assertThat(kubectl.ok("-n", "daemons", "get", "pods", "-o", "wide")).contains("node-3");
    allowed("daemons/pod/web-node-3", "daemons/pod/web-node-1");
    kubectl.ok("delete", "node", "node-3");
    kubectl.ok("-n", "daemons", "wait", "pod/web-node-3", "--for=delete", "--timeout=20s");
    assertThat(spaces("daemons")).hasSize(2);
    allowed("daemons/pod/web-node-2", "daemons/pod/web-node-1");
  }

  @Test
  void oneThatCannotBeHoldsUpNobody() throws Exception {
    people("thieves");
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {selector: {app: a}, clusterIP: 10.96.0.77, ports: [{port: 8080}]}
        """;
    kubectl.ok("-n", "thieves", "apply", "-f", kubectl.file(service.formatted("owner")));
    String why =
        "thieves/service/thief cannot have 10.96.0.77, which belongs to thieves/service/owner";
    assertThat(kubectl.ok("-n", "thieves", "apply", "-f", kubectl.file(service.formatted("thief"))))
        .contains("service/thief created", "Warning: not in force: " + why);
    assertThat(kubectl.ok("-n", "thieves", "describe", "service", "thief"))
        .contains("NotInForce", why);
    assertThat(kubectl.ok("-n", "thieves", "apply", "-f", kubectl.file(ONLY_B)))
        .doesNotContain("Warning");
    denied("thieves/c", "thieves/a");
    allowed("thieves/b", "thieves/service/owner");
    kubectl.ok("-n", "thieves", "delete", "service", "owner");
    allowed("thieves/b", "thieves/service/thief");
  }

  @Test
  void whatTheKernelRefusesIsLeftAsItWas() throws Exception {
    people("refused");
    kubectl.ok("-n", "refused", "apply", "-f", kubectl.file(ONLY_B));
    assertThat(
            kubectl.ok(
                "-n",
                "refused",
                "patch",
                "pod",
                "c",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"podIP\": \"ff02::1\", \"podIPs\": [{\"ip\": \"ff02::1\"}]}}"))
        .contains("Warning: not in force: ip -n rf-", "addr add ff02::1/128");
    denied("refused/c", "refused/a");
    allowed("refused/b", "refused/a");
    kubectl.ok("-n", "refused", "label", "pod", "c", "app=b", "--overwrite");
    allowed("refused/c", "refused/a");
  }

  @Test
  void aKilledLabGoesOnWithWhatItsApiHeld() throws Exception {
    people("again");
    kubectl.ok("-n", "again", "apply", "-f", kubectl.file(ONLY_B));
    kubectl.ok("-n", "again", "label", "pod", "c", "app=d", "--overwrite");
    String before = kubectl.ok("-n", "again", "get", "pods,netpol", "-o", "yaml");
    ProcessHandle server = ProcessHandle.of(lab.status().pid()).orElseThrow();
    assertThat(Files.readString(Path.of("/proc", "" + server.pid(), "cmdline")))
        .contains(instance.name());
    server.destroyForcibly();
    server.onExit().get();
    goUp();
    assertThat(kubectl.ok("-n", "again", "get", "pods,netpol", "-o", "yaml")).isEqualTo(before);
    denied("again/c", "again/a");
    kubectl.ok("-n", "again", "label", "pod", "c", "app=b", "--overwrite");
    allowed("again/c", "again/a");
  }
}
