package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Good manifests of every kind, and what becomes of them.
class ManifestsTest {
  static Loaded read(String text) {
    return Manifests.read(List.of(SourceText.of("in.yaml", text)), Admission.WRITTEN);
  }

  /// The document must be without errors.
  static Loaded good(String text) {
    Loaded loaded = read(text);
    assertThat(loaded.problems().stream().filter(Problem::isError)).isEmpty();
    return loaded;
  }

  private static List<String> podNames(Loaded loaded) {
    return loaded.snapshot().pods().keySet().stream().map(ObjectName::toString).toList();
  }

  private static Pod pod(Loaded loaded, String name) {
    return Objects.requireNonNull(loaded.snapshot().pods().get(new ObjectName("shop", name)));
  }

  private static final String TEMPLATE =
      """
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: main
              image: example/web
              ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP}]
            initContainers:
            - name: once
              ports: [{containerPort: 1}]
            - name: sidecar
              restartPolicy: Always
              ports: [{name: metrics, containerPort: 9090}]
      """;

  private static String workload(String version, String kind, String spec) {
    return "apiVersion: %s\nkind: %s\nmetadata: {name: web, namespace: shop}\nspec:\n%s%s---\n"
        .formatted(version, kind, spec, TEMPLATE);
  }

  @Test
  void deploymentMakesReplicasFromItsTemplate() {
    Loaded loaded = good(workload("apps/v1", "Deployment", "  replicas: 2\n"));
    assertThat(podNames(loaded)).containsExactly("shop/web-1", "shop/web-2");
    Pod pod = pod(loaded, "web-1");
    assertThat(pod.workload()).isEqualTo(new Workload("shop", "Deployment", "web"));
    assertThat(pod.labels()).containsEntry("app", "web");
    assertThat(pod.addresses()).isEqualTo(new PodAddresses.Unknown());
    assertThat(pod.ports()).extracting(port -> port.number()).containsExactly(8080, 53, 9090);
    assertThat(loaded.read()).containsExactly(java.util.Map.entry("Deployment", 1));
  }

  @Test
  void replicasDefaultToOneAndMayBeNone() {
    assertThat(podNames(good(workload("apps/v1", "ReplicaSet", "")))).containsExactly("shop/web-1");
    assertThat(podNames(good(workload("v1", "ReplicationController", "  replicas: 0\n"))))
        .isEmpty();
  }

  @Test
  void statefulSetCountsFromZero() {
    assertThat(podNames(good(workload("apps/v1", "StatefulSet", "  replicas: 2\n"))))
        .containsExactly("shop/web-0", "shop/web-1");
  }

  @Test
  void daemonSetHasOnePodForEachNode() {
    String daemon = workload("apps/v1", "DaemonSet", "");
    assertThat(podNames(good(daemon))).containsExactly("shop/web-1");
    String node = "apiVersion: v1\nkind: Node\nmetadata: {name: %s}\n---\n";
    assertThat(podNames(good(node.formatted("a") + node.formatted("b") + daemon)))
        .containsExactly("shop/web-a", "shop/web-b");
  }

  @Test
  void jobRunsItsParallelismAndCronJobOne() {
    String job = workload("batch/v1", "Job", "  parallelism: 5\n  completions: 3\n");
    assertThat(podNames(good(job))).hasSize(3);
    String cron =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report, namespace: shop}
        spec:
          schedule: "0 3 * * *"
          jobTemplate:
            spec:
              template:
                metadata: {labels: {app: report}}
                spec: {containers: [{name: main}]}
        """;
    Loaded loaded = good(cron);
    assertThat(podNames(loaded)).containsExactly("shop/report-1");
    assertThat(loaded.snapshot().pods().values())
        .extracting(pod -> pod.workload().id())
        .containsExactly("shop/cronjob/report");
  }

  @Test
  void ownersAreResolvedToTheOutermostOfTheInput() {
    String pods =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-6d4f-x
          namespace: shop
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-6d4f, uid: r, controller: true}]
        ---
        """;
    String set =
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-6d4f
          namespace: shop
          uid: r
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d}]
        spec: {template: {spec: {containers: []}}}
        ---
        """;
    assertThat(owner(good(pods))).isEqualTo("shop/replicaset/web-6d4f");
    assertThat(owner(good(pods + set))).isEqualTo("shop/replicaset/web-6d4f");
    Loaded all = good(pods + set + workload("apps/v1", "Deployment", ""));
    assertThat(owner(all)).isEqualTo("shop/deployment/web");
    assertThat(podNames(all)).containsExactly("shop/web-6d4f-x");
  }

  /// The template hash ties them where the ReplicaSet itself is not in the input.
  @Test
  void aDeploymentOwnsThePodsOfAReplicaSetThatIsNotHere() {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-6d4f-x
          namespace: shop
          labels: {pod-template-hash: 6d4f}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-6d4f, uid: r, controller: true}]
        ---
        """;
    Loaded loaded = good(pod + workload("apps/v1", "Deployment", ""));
    assertThat(owner(loaded)).isEqualTo("shop/deployment/web");
    assertThat(podNames(loaded)).containsExactly("shop/web-6d4f-x");
  }

  @Test
  void namesOfTemplatePodsNeverMeet() {
    Loaded loaded =
        good(
            workload("apps/v1", "Deployment", "  replicas: 2\n")
                + workload("apps/v1", "StatefulSet", "  replicas: 2\n")
                + "apiVersion: v1\nkind: Pod\nmetadata: {name: web-2, namespace: shop}\n");
    assertThat(podNames(loaded))
        .containsExactly("shop/web-0", "shop/web-1", "shop/web-2", "shop/web-3", "shop/web-4");
    assertThat(pod(loaded, "web-1").workload().kind()).isEqualTo("StatefulSet");
    assertThat(pod(loaded, "web-4").workload().kind()).isEqualTo("Deployment");
  }

  @Test
  void ownersInACircleOwnNothing() {
    String set =
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: %s, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: %s}]}
        spec: {template: {spec: {containers: []}}}
        ---
        """;
    assertThat(podNames(good(set.formatted("a", "b") + set.formatted("b", "a"))))
        .containsExactly("shop/a-1", "shop/b-1");
  }

  @Test
  void textOfEveryAlphabetIsReadAndColumnsCountCharacters() {
    Loaded loaded =
        good(
            """
            # Größe 漢字 🦀
            {apiVersion: v1, "🦀": é, kind: Pod, metadata: {name: a, namespace: shop}}
            --- {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}}
            ...
            %YAML 1.1
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: c, namespace: shop}
            """);
    assertThat(podNames(loaded)).containsExactly("shop/a", "shop/b", "shop/c");
    assertThat(loaded.places().find("pod/shop/b", "")).contains(new Place("in.yaml", 3, 5));
  }

  private static String owner(Loaded loaded) {
    return loaded.snapshot().pods().firstEntry().getValue().workload().id();
  }

  /// S112.
  @Test
  void aPodKeepsItsAddressesAndOneWithoutStatusHasUnknownOnes() {
    Loaded loaded =
        good(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, namespace: shop}
            spec: {nodeName: node-1}
            status:
              podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]
              phase: Running
              startTime: "2026-01-02T03:04:05Z"
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: b, namespace: shop}
            status: {}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: c, namespace: shop}
            status: {phase: Pending}
            """);
    assertThat(pod(loaded, "a").knownAddresses())
        .containsExactly(Address.of("10.0.0.1"), Address.of("fd00::1"));
    assertThat(pod(loaded, "a").node()).contains("node-1");
    assertThat(pod(loaded, "b").addresses()).isEqualTo(new PodAddresses.Unknown());
    assertThat(pod(loaded, "c").counts()).isFalse();
  }

  @Test
  void aUsedNamespaceIsAssumedWithAWarningAtItsFirstUse() {
    Loaded loaded = good("\n" + workload("apps/v1", "Deployment", ""));
    assertThat(loaded.problems()).hasSize(1);
    assertThat(loaded.problems().getFirst().place()).contains(new Place("in.yaml", 2, 1));
    assertThat(loaded.snapshot().namespaceLabels("shop"))
        .containsEntry("kubernetes.io/metadata.name", "shop");
  }

  @Test
  void theLabDocumentNamesHostsOutside() {
    Loaded loaded =
        good(
            """
            apiVersion: ringfence.dev/v1
            kind: Lab
            metadata: {name: shop}
            spec:
              nodes: 3
              outside:
              - name: payments.example
                addresses: [203.0.113.10, "2001:db8:2::10"]
                ports: [{protocol: TCP, port: 443}]
            """);
    assertThat(loaded.lab()).isEqualTo(Optional.of(new LabSettings("shop", 3)));
    assertThat(loaded.outside().getFirst().addresses()).hasSize(2);
    assertThat(loaded.outside().getFirst().ports().getFirst().number()).isEqualTo(443);
  }

  @Test
  void listsOfBothFormsAreOpened() {
    String items =
        """
        items:
        - apiVersion: v1
          kind: Namespace
          metadata: {name: shop}
        - {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}
        """;
    Loaded loaded = good("apiVersion: v1\n" + items + "kind: List\n");
    assertThat(loaded.read()).containsEntry("Namespace", 1).containsEntry("Pod", 1).hasSize(2);
    String typed = "apiVersion: v1\n%sitems:\n- metadata: {name: a}\n- metadata: {name: b}\n%s";
    assertThat(podNames(good(typed.formatted("kind: PodList\n", "")))).hasSize(2);
    assertThat(podNames(good(typed.formatted("", "kind: PodList\n")))).hasSize(2);
  }

  @Test
  void jsonByteOrderMarksAndCarriageReturnsAreRead() {
    String json =
        "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\":\"Pod\",\t\"metadata\": {\"name\": \"a\\u0062\"}\n}\n";
    assertThat(podNames(good(json))).containsExactly("default/ab");
    String yaml = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n";
    String windows = "\uFEFF" + yaml.replace("\n", "\r\n");
    String second = windows.replace("name: a", "name: b");
    assertThat(podNames(good(windows + "---\r\n" + second + "...\r\n"))).hasSize(2);
    assertThat(podNames(good("---\n---\n# nothing\n---\n" + yaml + "--- # end\n"))).hasSize(1);
  }

  @Test
  void foreignKindsAreCountedAndTheirTemplatesNamed() {
    Loaded loaded =
        good(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web, namespace: shop}
            spec: {template: {spec: {containers: [{name: main}]}}}
            """);
    assertThat(loaded.skipped()).containsEntry("ConfigMap", 1).containsEntry("Rollout", 1);
    assertThat(loaded.problems())
        .extracting(Problem::resource)
        .containsExactly(Optional.of("rollout/shop/web"));
  }

  @Test
  void placesAreFoundByFieldPath() {
    Loaded loaded =
        good(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db, namespace: shop}
            spec:
              podSelector: {}
              ingress:
              - from:
                - podSelector: {matchLabels: {app: api}}
                - ipBlock:
                    cidr: 10.0.0.0/8
            """);
    Places places = loaded.places();
    assertThat(places.find("networkpolicy/shop/db", "")).contains(new Place("in.yaml", 1, 1));
    assertThat(places.find("networkpolicy/shop/db", "spec.ingress[0].from[1]"))
        .contains(new Place("in.yaml", 9, 7));
    assertThat(places.find("networkpolicy/shop/db", "spec.ingress[0].from[1].ipBlock.cidr"))
        .contains(new Place("in.yaml", 10, 9));
    assertThat(places.find("networkpolicy/shop/db", "spec.ingress[0].ports[3].port"))
        .contains(new Place("in.yaml", 7, 5));
    assertThat(places.find("networkpolicy/shop/nobody", "spec")).isEmpty();
  }
}
