package dev.ringfence.lab.api.objects;

import java.time.Instant;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/// A column of a table.
///
/// @param type `string`, `integer` or `date`
/// @param priority 0 is always shown, 1 with `-o wide`
/// @param cell of an object, at a time
record Column(
    String title, String type, int priority, BiFunction<JsonNode, Instant, JsonNode> cell) {
  static Column text(String title, BiFunction<JsonNode, Instant, String> cell) {
    return new Column(title, "string", 0, (object, now) -> Json.text(cell.apply(object, now)));
  }

  static Column number(String title, String... path) {
    return new Column(
        title, "integer", 0, (object, _) -> Json.array().numberNode(Json.numberAt(object, path)));
  }

  static Column name() {
    return text("Name", (object, _) -> Json.name(object));
  }

  static Column age() {
    return text(
        "Age",
        (object, now) -> Ages.since(Json.textAt(object, "metadata", "creationTimestamp"), now));
  }

  /// Shown with `-o wide` alone.
  Column wide() {
    return new Column(title, type, 1, cell);
  }
}
