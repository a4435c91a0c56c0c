package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Who controls whom, as `metadata.ownerReferences` say it.
record Owned(Registry registry, WriteOptions by) {
  /// Those that this object controls and that are not about to go.
  List<ObjectNode> by(ObjectNode owner, ResourceKind kind) {
    return registry.list(kind).stream()
        .filter(one -> !Metadata.isGoing(one) && Metadata.isControlledBy(one, owner))
        .toList();
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
        rewrite(kind, one, live -> Metadata.disown(live, owner));
        changed = true;
      }
    }
    for (ObjectNode one : adopts ? registry.list(kind) : List.<ObjectNode>of()) {
      if (Json.namespace(one).equals(Json.namespace(owner))
          && !Metadata.isGoing(one)
          && Metadata.controller(one).isEmpty()
          && selector.matches(Json.labels(one))) {
        rewrite(kind, one, live -> Metadata.own(live, owner));
        changed = true;
      }
    }
    return changed;
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
