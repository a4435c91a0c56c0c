package dev.ringfence.lab.api.objects;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as the `Table` that people see.
public final class Table {
  private final ResourceKind kind;
  private final Include include;

  /// What of each object goes with its row.
  public enum Include {
    NONE,
    METADATA,
    OBJECT
  }

  public Table(ResourceKind kind, Include include) {
    this.kind = kind;
    this.include = include;
  }

  /// One row for each object.
  ///
  /// @param meta of the list, or of the one object
  /// @param columns whether to say what the columns are; later events of a watch do not
  public ObjectNode of(
      List<? extends JsonNode> objects, ObjectNode meta, boolean columns, Instant now) {
    ObjectNode out = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    out.set("metadata", meta);
    if (columns) {
      out.set("columnDefinitions", definitions());
    } else {
      out.putNull("columnDefinitions");
    }
    ArrayNode rows = out.putArray("rows");
    for (JsonNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      Columns.of(kind).forEach(column -> cells.add(column.cell().apply(object, now)));
      switch (include) {
        case NONE -> {}
        case METADATA -> row.set("object", metadataOf(object));
        case OBJECT -> row.set("object", object);
      }
    }
    return out;
  }

  private static ObjectNode metadataOf(JsonNode object) {
    ObjectNode out =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    out.set("metadata", object.path("metadata"));
    return out;
  }

  private ArrayNode definitions() {
    ArrayNode out = Json.array();
    for (Column column : Columns.of(kind)) {
      out.addObject()
          .put("name", column.title())
          .put("type", column.type())
          .put("format", column.title().equals("Name") ? "name" : "")
          .put("description", column.title() + " of the " + kind.kind())
          .put("priority", column.priority());
    }
    return out;
  }
}
