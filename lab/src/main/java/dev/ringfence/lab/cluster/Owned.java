package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who controls whom, as `metadata.ownerReferences` say it.
record Owned(Registry registry, WriteOptions by) {
  static boolean isGoing(ObjectNode object) {
    return !Json.textAt(object, "metadata", "deletionTimestamp").isEmpty();
  }

  /// Those that this object controls and that are not about to go.
  List<ObjectNode> by(ObjectNode owner, ResourceKind kind) {
    String uid = Json.textAt(owner, "metadata", "uid");
    return registry.list(kind).stream()
        .filter(one -> !isGoing(one))
        .filter(one -> controller(one).filter(it -> Json.textAt(it, "uid").equals(uid)).isPresent())
        .toList();
  }

  /// The reference to whoever controls it.
  static Optional<JsonNode> controller(ObjectNode object) {
    return Json.items(object, "metadata", "ownerReferences").stream()
        .filter(one -> one.path("controller").asBoolean(false))
        .findFirst();
  }

  /// Makes it controlled by this owner; it has no other.
  static void own(ObjectNode object, ObjectNode owner) {
    Json.objectIn(object, "metadata")
        .withArray("ownerReferences")
        .addObject()
        .put("apiVersion", Json.textAt(owner, "apiVersion"))
        .put("kind", Json.textAt(owner, "kind"))
        .put("name", Json.name(owner))
        .put("uid", Json.textAt(owner, "metadata", "uid"))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  /// What was relabelled away is nobody's.
  ///
  /// @param adopts takes what nobody controls
  /// @return whether anything changed
  boolean settle(ObjectNode owner, ResourceKind kind, boolean adopts) {
    LabelQuery selector = LabelQuery.of(Json.at(owner, "spec", "selector"));
    boolean changed = false;
    for (ObjectNode one : by(owner, kind)) {
      if (!selector.matches(Json.labels(one))) {
        rewrite(kind, one, live -> disown(live, owner));
        changed = true;
      }
    }
    for (ObjectNode one : adopts ? registry.list(kind) : List.<ObjectNode>of()) {
      if (Json.namespace(one).equals(Json.namespace(owner))
          && !isGoing(one)
          && controller(one).isEmpty()
          && selector.matches(Json.labels(one))) {
        rewrite(kind, one, live -> own(live, owner));
        changed = true;
      }
    }
    return changed;
  }

  private static void disown(ObjectNode object, ObjectNode owner) {
    ArrayNode kept = Json.array();
    Json.items(object, "metadata", "ownerReferences").stream()
        .filter(one -> !Json.textAt(one, "uid").equals(Json.textAt(owner, "metadata", "uid")))
        .forEach(kept::add);
    ObjectNode meta = Json.objectIn(object, "metadata");
    if (kept.isEmpty()) {
      meta.remove("ownerReferences");
    } else {
      meta.set("ownerReferences", kept);
    }
  }

  /// Changes an object in place.
  interface Change {
    void of(ObjectNode live);
  }

  void rewrite(ResourceKind kind, ObjectNode object, Change change) {
    registry.update(
        kind,
        Json.namespace(object),
        Json.name(object),
        "",
        by,
        live -> {
          change.of(live);
          return live;
        });
  }
}
