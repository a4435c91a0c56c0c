package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.objects.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How a client wants to see objects: as they are, or as a table.
final class Form {
  private final ResourceKind kind;
  private final Optional<Table> table;

  private Form(ResourceKind kind, Optional<Table> table) {
    this.kind = kind;
    this.table = table;
  }

  static Form of(ResourceKind kind, Call call) {
    if (!call.accept().contains("as=Table")) {
      return new Form(kind, Optional.empty());
    }
    Table.Include include =
        switch (call.query().text("includeObject")) {
          case "None" -> Table.Include.NONE;
          case "Object" -> Table.Include.OBJECT;
          default -> Table.Include.METADATA;
        };
    return new Form(kind, Optional.of(new Table(kind, include)));
  }

  ObjectNode one(ObjectNode object) {
    return event(object, true);
  }

  /// @param first whether it is the first of a watch
  ObjectNode event(ObjectNode object, boolean first) {
    if (table.isEmpty()) {
      return object;
    }
    ObjectNode meta =
        Json.object().put("resourceVersion", Json.textAt(object, "metadata", "resourceVersion"));
    return table.get().of(List.of(object), meta, first, Instant.now());
  }

  /// @param meta of the list
  ObjectNode list(List<ObjectNode> objects, ObjectNode meta) {
    if (table.isPresent()) {
      return table.get().of(objects, meta, true, Instant.now());
    }
    ObjectNode out =
        Json.object().put("kind", kind.kind() + "List").put("apiVersion", kind.apiVersion());
    out.set("metadata", meta);
    objects.forEach(out.putArray("items")::add);
    return out;
  }

  /// An event that tells nothing but how far the watch has come.
  ObjectNode bookmark(long revision, boolean initialEnd) {
    ObjectNode out = Json.object().put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
    ObjectNode meta = out.putObject("metadata").put("resourceVersion", String.valueOf(revision));
    if (initialEnd) {
      meta.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    return table.isEmpty() ? out : table.get().of(List.of(), meta, false, Instant.now());
  }
}
