package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/// Deletes objects with what belongs to them: at once, or when the last of their finalizers is
/// gone; a namespace when nothing is left in it.
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
    if (options.dryRun()) {
      return object;
    }
    if (options.orphans()) {
      dependents(object, (each, dependent) -> disown(each, dependent, object));
    }
    discard(kind, object);
    return registry.find(kind, namespace, name).orElse(object);
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

  private void discard(ResourceKind kind, ObjectNode object) {
    boolean namespace = kind.equals(Kinds.NAMESPACE);
    if (!namespace && !Metadata.isHeld(object)) {
      remove(kind, object);
      return;
    }
    ObjectNode going =
        Metadata.isGoing(object) ? object : registry.put(kind, object, going(kind, object));
    if (namespace) {
      empty(Json.name(object));
    }
    finish(kind, going);
  }

  private static ObjectNode going(ResourceKind kind, ObjectNode object) {
    ObjectNode out = object.deepCopy();
    ObjectNode meta = Json.objectIn(out, "metadata");
    meta.put("deletionTimestamp", Stamps.now()).put("deletionGracePeriodSeconds", 0);
    if (meta.has("generation")) {
      meta.put("generation", Json.numberAt(meta, "generation") + 1);
    }
    if (kind.equals(Kinds.NAMESPACE)) {
      Json.objectIn(out, "status").put("phase", "Terminating");
    }
    return out;
  }

  /// What is in the namespace goes first, so that it is never there without it.
  private void empty(String namespace) {
    for (ResourceKind kind : Kinds.ALL) {
      for (ObjectNode object : in(namespace, kind)) {
        if (Metadata.isHeld(object)) {
          discard(kind, object);
        } else {
          take(kind, object);
        }
      }
    }
  }

  private List<ObjectNode> in(String namespace, ResourceKind kind) {
    return registry.list(kind).stream()
        .filter(object -> kind.namespaced() && Json.namespace(object).equals(namespace))
        .toList();
  }

  /// Takes an object away that is to go, if nothing holds it any more.
  void finish(ResourceKind kind, ObjectNode object) {
    boolean held = Metadata.isHeld(object);
    boolean full =
        kind.equals(Kinds.NAMESPACE)
            && Kinds.ALL.stream().anyMatch(each -> !in(Json.name(object), each).isEmpty());
    if (!held && !full) {
      remove(kind, object);
    }
  }

  private void remove(ResourceKind kind, ObjectNode object) {
    take(kind, object);
    dependents(
        object,
        (each, dependent) -> {
          if (Metadata.owners(dependent).size() > 1) {
            disown(each, dependent, object);
          } else {
            discard(each, dependent);
          }
        });
    registry
        .find(Kinds.NAMESPACE, "", Json.namespace(object))
        .filter(Metadata::isGoing)
        .ifPresent(namespace -> finish(Kinds.NAMESPACE, namespace));
  }

  private void dependents(ObjectNode owner, BiConsumer<ResourceKind, ObjectNode> each) {
    for (ResourceKind kind : Kinds.ALL) {
      registry.list(kind).stream()
          .filter(object -> Metadata.isOwnedBy(object, owner))
          .forEach(object -> each.accept(kind, object));
    }
  }

  private void disown(ResourceKind kind, ObjectNode object, ObjectNode former) {
    registry.update(
        kind,
        Json.namespace(object),
        Json.name(object),
        "",
        WriteOptions.by("ringfence"),
        copy -> {
          Metadata.disown(copy, former);
          return copy;
        });
  }

  private void take(ResourceKind kind, ObjectNode object) {
    try {
      store.delete(Registry.key(kind, object), OptionalLong.empty());
    } catch (StoreException failed) {
      if (failed.why() != StoreException.Why.MISSING) {
        throw Rules.unkept(failed);
      }
    }
  }
}
