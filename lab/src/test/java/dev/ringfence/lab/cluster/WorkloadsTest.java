package dev.ringfence.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import dev.ringfence.lab.api.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What workloads make of themselves, pods being ready as soon as somebody says so.
final class WorkloadsTest {
  private static final WriteOptions US = WriteOptions.by("test");
  private static final String WEB =
      """
      {"metadata": {"name": "web"},
       "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}},
         "spec": {"containers": [{"name": "main", "image": "web:1"}]}}}}
      """;

  @TempDir Path folder;
  private Store store;
  private Registry registry;
  private Workloads workloads;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(folder, 100);
    registry = new Registry(store);
    workloads = new Workloads(registry, new Events(registry));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private void create(ResourceKind kind, String json) {
    registry.create(kind, "default", (ObjectNode) Json.read(json), US);
  }

  private void change(ResourceKind kind, String name, Consumer<ObjectNode> change) {
    registry.update(
        kind,
        kind.namespaced() ? "default" : "",
        name,
        "",
        US,
        live -> {
          change.accept(live);
          return live;
        });
  }

  /// As far as it comes before somebody looks after the pods.
  private void settle() {
    while (workloads.step()) {
      // on
    }
    new WorkloadStatus(registry, workloads, new Events(registry)).writeAll();
  }

  /// With everything ready at once, to the end; answers every state in between.
  private void roll() {
    do {
      for (ObjectNode pod : registry.list(Kinds.POD)) {
        if (!PodStatus.isReady(pod)) {
          registry.updateStatus(Kinds.POD, "default", Json.name(pod), "test", WorkloadsTest::ready);
        }
      }
    } while (workloads.step());
    settle();
  }

  private static ObjectNode ready(ObjectNode pod) {
    Json.objectIn(pod, "status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True");
    return pod;
  }

  private List<String> pods() {
    return registry.list(Kinds.POD).stream()
        .map(pod ->
            Json.name(pod)
                + " "
                + Json.items(pod, "spec", "containers").getFirst().path("image").asString())
        .toList();
  }

  private void image(ObjectNode deployment, String image) {
    ((ObjectNode) Json.items(deployment, "spec", "template", "spec", "containers").getFirst())
        .put("image", image);
  }

  private List<Long> revisions() {
    return registry.list(Kinds.REPLICA_SET).stream()
        .map(set ->
            Json.numberAt(set, "metadata", "annotations", "deployment.kubernetes.io/revision"))
        .sorted()
        .toList();
  }

  @Test
  void aDeploymentHasAReplicaSetAndThatHasPods() {
    create(Kinds.DEPLOYMENT, WEB);
    settle();
    ObjectNode set = registry.list(Kinds.REPLICA_SET).getFirst();
    String hash = Json.labels(set).get("pod-template-hash");
    assertThat(Json.name(set)).isEqualTo("web-" + hash);
    assertThat(Json.textAt(set, "spec", "selector", "matchLabels", "pod-template-hash"))
        .isEqualTo(hash);
    assertThat(pods()).containsExactly("web-1 web:1", "web-2 web:1");
    assertThat(registry.list(Kinds.POD))
        .allSatisfy(pod -> {
          assertThat(Json.labels(pod))
              .containsEntry("app", "web")
              .containsEntry("pod-template-hash", hash);
          assertThat(Metadata.controller(pod))
              .hasValueSatisfying(owner -> {
                assertThat(Json.textAt(owner, "kind")).isEqualTo("ReplicaSet");
                assertThat(Json.textAt(owner, "uid"))
                    .isEqualTo(Json.textAt(set, "metadata", "uid"));
              });
        });
    registry.delete(Kinds.DEPLOYMENT, "default", "web", DeleteOptions.PLAIN);
    assertThat(registry.list(Kinds.REPLICA_SET)).isEmpty();
    assertThat(registry.list(Kinds.POD)).isEmpty();
  }

  @Test
  void aNewTemplateComesPodByPodAndTheOldOneCanComeBack() {
    create(Kinds.DEPLOYMENT, WEB);
    roll();
    change(Kinds.DEPLOYMENT, "web", live -> image(live, "web:2"));
    settle();
    assertThat(pods()).as("the new one is not ready").containsExactly("web-1 web:1", "web-2 web:2");
    roll();
    assertThat(pods()).containsExactly("web-1 web:2", "web-2 web:2");
    assertThat(revisions()).containsExactly(1L, 2L);
    assertThat(status("updatedReplicas")).isEqualTo(2);

    change(Kinds.DEPLOYMENT, "web", live -> image(live, "web:1"));
    roll();
    assertThat(pods()).containsExactly("web-1 web:1", "web-2 web:1");
    assertThat(revisions()).as("two templates, the first again").containsExactly(2L, 3L);

    change(
        Kinds.DEPLOYMENT,
        "web",
        live -> Json.objectIn(live, "spec").put("revisionHistoryLimit", 0));
    roll();
    assertThat(revisions()).containsExactly(3L);
  }

  @Test
  void asManyAreRenewedAtATimeAsMayBeMissing() {
    create(Kinds.DEPLOYMENT, WEB.replace("\"replicas\": 2", "\"replicas\": 9"));
    roll();
    change(Kinds.DEPLOYMENT, "web", live -> image(live, "web:2"));
    settle();
    assertThat(pods())
        .as("a quarter, as is the default")
        .filteredOn(pod -> pod.endsWith(" web:2"))
        .hasSize(2);
    roll();
    assertThat(pods()).hasSize(9).allMatch(pod -> pod.endsWith(" web:2"));
  }

  private long status(String field) {
    return Json.numberAt(registry.get(Kinds.DEPLOYMENT, "default", "web"), "status", field);
  }

  @Test
  void aPausedOneIsScaledOnly() {
    create(Kinds.DEPLOYMENT, WEB);
    roll();
    change(
        Kinds.DEPLOYMENT,
        "web",
        live -> {
          image(live, "web:2");
          Json.objectIn(live, "spec").put("paused", true).put("replicas", 3);
        });
    roll();
    assertThat(pods()).containsExactly("web-1 web:1", "web-2 web:1", "web-3 web:1");
    change(Kinds.DEPLOYMENT, "web", live -> Json.objectIn(live, "spec").put("paused", false));
    roll();
    assertThat(pods()).containsExactly("web-1 web:2", "web-2 web:2", "web-3 web:2");
  }

  @Test
  void aPodThatIsRelabelledIsReplacedAndTakenBack() {
    create(Kinds.DEPLOYMENT, WEB);
    roll();
    change(Kinds.POD, "web-1", live -> label(live, "other"));
    roll();
    assertThat(pods()).hasSize(3);
    assertThat(Metadata.controller(registry.get(Kinds.POD, "default", "web-1"))).isEmpty();
    change(Kinds.POD, "web-1", live -> label(live, "web"));
    roll();
    assertThat(pods()).containsExactly("web-1 web:1", "web-2 web:1");
  }

  private static void label(ObjectNode pod, String app) {
    Json.objectIn(Json.objectIn(pod, "metadata"), "labels").put("app", app);
  }

  @Test
  void aPodThatIsAboutToGoIsReplacedAndItsNameIsNotGivenAgain() {
    create(Kinds.DEPLOYMENT, WEB);
    roll();
    change(
        Kinds.POD,
        "web-1",
        live -> Json.objectIn(live, "metadata").putArray("finalizers").add("dev.example/one"));
    registry.delete(Kinds.POD, "default", "web-1", DeleteOptions.PLAIN);
    roll();
    assertThat(pods()).containsExactly("web-1 web:1", "web-2 web:1", "web-3 web:1");
    change(Kinds.POD, "web-1", live -> Json.objectIn(live, "metadata").remove("finalizers"));
    roll();
    assertThat(pods()).containsExactly("web-2 web:1", "web-3 web:1");
  }

  @Test
  void statefulAndDaemonPodsAreRenewedOneByOne() {
    create(
        Kinds.STATEFUL_SET,
        WEB.replace("\"name\": \"web\"}", "\"name\": \"db\"}")
            .replace("\"app\": \"web\"", "\"app\": \"db\""));
    settle();
    assertThat(pods()).containsExactly("db-0 web:1", "db-1 web:1");
    assertThat(Json.labels(registry.get(Kinds.POD, "default", "db-1")))
        .containsEntry("statefulset.kubernetes.io/pod-name", "db-1");
    change(Kinds.STATEFUL_SET, "db", live -> image(live, "web:2"));
    assertThat(workloads.step()).isTrue();
    assertThat(pods()).as("one goes").hasSize(1);
    settle();
    assertThat(pods()).containsExactly("db-0 web:2", "db-1 web:2");
  }

  @Test
  void podsOfADumpWithoutTheirReplicaSetAreTheDeployments() throws IOException {
    ObjectNode deployment = (ObjectNode) Json.read(WEB);
    deployment.put("apiVersion", "apps/v1").put("kind", "Deployment");
    List<ObjectNode> dump = new ArrayList<>(List.of(deployment));
    for (String name : List.of("web-6d4f-x2k", "web-6d4f-z9q")) {
      dump.add(
          (ObjectNode)
              Json.read(
                  """
                  {"apiVersion": "v1", "kind": "Pod",
                   "metadata": {"name": "%s", "labels": {"app": "web", "pod-template-hash": "6d4f"},
                    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet",
                     "name": "web-6d4f", "uid": "0b7c", "controller": true}]},
                   "spec": {"containers": [{"name": "main", "image": "web:1"}]}}
                  """
                      .formatted(name)));
    }
    new AppliedManifests(folder.resolve("manifests.json"), registry, workloads.deployments())
        .take(dump, false);
    roll();
    assertThat(pods()).containsExactly("web-6d4f-x2k web:1", "web-6d4f-z9q web:1");
    assertThat(registry.list(Kinds.REPLICA_SET)).hasSize(1);
    assertThat(status("readyReplicas")).isEqualTo(2);
  }
}
