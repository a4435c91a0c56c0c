package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.FieldQuery;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Stored;
import tools.jackson.databind.node.ObjectNode;

/// Which objects of a kind are meant.
///
/// @param namespace empty for all of them
record Selection(String namespace, LabelQuery labels, FieldQuery fields) {
  static Selection of(ResourceKind kind, String namespace, Query query) {
    return new Selection(
        namespace,
        LabelQuery.parse(query.text("labelSelector")),
        FieldQuery.parse(kind, query.text("fieldSelector")));
  }

  boolean matches(Stored stored) {
    ObjectNode object = stored.object();
    return (namespace.isEmpty() || stored.key().namespace().equals(namespace))
        && labels.matches(Json.labels(object))
        && fields.matches(object);
  }

  /// Whether it is no choice but that of a namespace.
  boolean isPlain() {
    return labels.isEverything() && fields.isEverything();
  }
}
