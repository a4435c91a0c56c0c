package dev.ringfence.lab.api.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What has finalizers is deleted when they are gone, and its namespace not before.
final class FinalizersTest {
  private static final WriteOptions US = WriteOptions.by("test");

  @TempDir Path folder;
  private Store store;
  private Registry registry;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(folder, 100);
    registry = new Registry(store);
    create(Kinds.NAMESPACE, "", "shop");
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private ObjectNode create(ResourceKind kind, String namespace, String name, String... holders) {
    ObjectNode object = Json.object();
    ObjectNode meta = object.putObject("metadata").put("name", name);
    for (String holder : holders) {
      meta.withArray("finalizers").add(holder);
    }
    if (kind.equals(Kinds.NETWORK_POLICY)) {
      object.putObject("spec").putObject("podSelector");
    }
    return registry.create(kind, namespace, object, US).object();
  }

  private void delete(ResourceKind kind, String namespace, String name) {
    registry.delete(kind, namespace, name, DeleteOptions.PLAIN);
  }

  private void release(String name) {
    if (find(name).isPresent()) {
      registry.update(
          Kinds.SERVICE_ACCOUNT,
          "shop",
          name,
          "",
          US,
          live -> {
            Json.objectIn(live, "metadata").remove("finalizers");
            return live;
          });
    }
  }

  private Optional<ObjectNode> find(String name) {
    return registry.find(Kinds.SERVICE_ACCOUNT, "shop", name);
  }

  private static boolean isGoing(ObjectNode object) {
    return !Json.textAt(object, "metadata", "deletionTimestamp").isEmpty();
  }

  @Test
  void itGoesWithTheLastOfThem() {
    create(Kinds.SERVICE_ACCOUNT, "shop", "held", "dev.example/one", "dev.example/two");
    ObjectNode waits = registry.delete(Kinds.SERVICE_ACCOUNT, "shop", "held", DeleteOptions.PLAIN);
    assertThat(isGoing(waits)).isTrue();
    delete(Kinds.SERVICE_ACCOUNT, "shop", "held");
    assertThat(find("held")).as("a second time nothing changes").hasValue(waits);
    assertThatThrownBy(() -> finalizers("dev.example/one", "dev.example/three"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining(
            "no new finalizers can be added if the object is being deleted, found new finalizers "
                + "[]string{\"dev.example/three\"}");
    finalizers("dev.example/two");
    assertThat(find("held")).isPresent();
    finalizers();
    assertThat(find("held")).isEmpty();
  }

  private void finalizers(String... holders) {
    registry.update(
        Kinds.SERVICE_ACCOUNT,
        "shop",
        "held",
        "",
        US,
        live -> {
          ObjectNode meta = Json.objectIn(live, "metadata");
          meta.remove("finalizers");
          for (String holder : holders) {
            meta.withArray("finalizers").add(holder);
          }
          return live;
        });
  }

  @Test
  void aNamespaceWaitsForWhatItHolds() {
    create(Kinds.SERVICE_ACCOUNT, "shop", "plain");
    create(Kinds.SERVICE_ACCOUNT, "shop", "held", "dev.example/one");
    create(Kinds.NETWORK_POLICY, "shop", "policy");
    delete(Kinds.NAMESPACE, "", "shop");
    ObjectNode namespace = registry.get(Kinds.NAMESPACE, "", "shop");
    assertThat(Json.textAt(namespace, "status", "phase")).isEqualTo("Terminating");
    assertThat(find("plain")).isEmpty();
    assertThat(registry.find(Kinds.NETWORK_POLICY, "shop", "policy")).isEmpty();
    assertThat(find("held")).hasValueSatisfying(held -> assertThat(isGoing(held)).isTrue());
    release("held");
    assertThat(registry.find(Kinds.NAMESPACE, "", "shop")).isEmpty();
  }

  @Test
  void whatIsOwnedGoesWhenItsOwnerHasGone() {
    String uid =
        Json.textAt(
            create(Kinds.SERVICE_ACCOUNT, "shop", "owner", "dev.example/one"), "metadata", "uid");
    ObjectNode owned = Json.object();
    owned
        .putObject("metadata")
        .put("name", "plain")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "ServiceAccount")
        .put("name", "owner")
        .put("uid", uid);
    registry.create(Kinds.SERVICE_ACCOUNT, "shop", owned, US);
    delete(Kinds.SERVICE_ACCOUNT, "shop", "owner");
    assertThat(find("plain")).isPresent();
    release("owner");
    assertThat(find("owner")).isEmpty();
    assertThat(find("plain")).isEmpty();
  }
}
