package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.StoreException;
import dev.ringfence.lab.api.store.Stored;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Deletes objects with what belongs to them, at once: nothing here waits for finalizers.
final class Deletion {
  private static final Set<String> FOR_GOOD = Set.of("default", "kube-public", "kube-system");

  private final Registry registry;
  private final Store store;

  Deletion(Registry registry, Store store) {
    this.registry = registry;
    this.store = store;
  }

  ObjectNode delete(ResourceKind kind, String namespace, String name, DeleteOptions options) {
    ObjectNode object = registry.get(kind, namespace, name);
    precondition(kind, object, "UID", options.uid(), "uid");
    precondition(kind, object, "ResourceVersion", options.resourceVersion(), "resourceVersion");
    if (kind.equals(Kinds.NAMESPACE) && FOR_GOOD.contains(name)) {
      throw ApiError.forbidden(kind, name, "this namespace may not be deleted");
    }
    registry.admit(
        AdmissionHook.Operation.DELETE, kind, "", Optional.of(object), object.deepCopy());
    if (!options.dryRun()) {
      if (kind.equals(Kinds.NAMESPACE)) {
        empty(name);
      }
      remove(kind, object, options.orphans());
    }
    return object;
  }

  private static void precondition(
      ResourceKind kind, ObjectNode object, String what, Optional<String> wanted, String field) {
    String has = Json.textAt(object, "metadata", field);
    if (wanted.isPresent() && !wanted.get().equals(has)) {
      throw ApiError.conflict(
          kind,
          Json.name(object),
          "Precondition failed: "
              + what
              + " in precondition: "
              + wanted.get()
              + ", "
              + what
              + " in object meta: "
              + has);
    }
  }

  /// What is in the namespace goes first, so that it is never there without it.
  private void empty(String namespace) {
    registry.updateStatus(
        Kinds.NAMESPACE,
        "",
        namespace,
        "ringfence",
        object -> {
          Json.objectIn(object, "status").put("phase", "Terminating");
          return object;
        });
    for (ResourceKind kind : Kinds.ALL) {
      if (kind.namespaced()) {
        registry.list(kind).stream()
            .filter(object -> Json.namespace(object).equals(namespace))
            .forEach(object -> take(kind, object));
      }
    }
  }

  private void remove(ResourceKind kind, ObjectNode object, boolean orphans) {
    take(kind, object);
    String uid = Json.textAt(object, "metadata", "uid");
    for (ResourceKind each : Kinds.ALL) {
      for (Stored stored : store.list(each.resource()).objects()) {
        List<JsonNode> owners = Json.items(stored.object(), "metadata", "ownerReferences");
        if (owners.stream().noneMatch(o -> Json.textAt(o, "uid").equals(uid))) {
          continue;
        }
        if (owners.size() > 1 || orphans) {
          disown(each, stored.object(), uid);
        } else {
          remove(each, stored.object(), false);
        }
      }
    }
  }

  private void disown(ResourceKind kind, ObjectNode object, String uid) {
    registry.update(
        kind,
        Json.namespace(object),
        Json.name(object),
        "",
        WriteOptions.by("ringfence"),
        copy -> {
          ArrayNode kept = Json.array();
          Json.items(copy, "metadata", "ownerReferences").stream()
              .filter(owner -> !Json.textAt(owner, "uid").equals(uid))
              .forEach(kept::add);
          Json.objectIn(copy, "metadata").set("ownerReferences", kept);
          return copy;
        });
  }

  private void take(ResourceKind kind, ObjectNode object) {
    try {
      store.delete(
          Registry.key(kind, Json.namespace(object), Json.name(object)), OptionalLong.empty());
    } catch (StoreException failed) {
      if (failed.why() != StoreException.Why.MISSING) {
        throw Rules.unkept(failed);
      }
    }
  }
}
