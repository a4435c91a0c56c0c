package dev.ringfence.lab.api.objects;

import static dev.ringfence.lab.api.objects.Column.name;
import static dev.ringfence.lab.api.objects.Column.text;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The columns of an event.
final class EventColumns {
  static final List<Column> ALL =
      List.of(
          text("Last Seen", EventColumns::lastSeen),
          text("Type", (o, _) -> Json.textAt(o, "type")),
          text("Reason", (o, _) -> Json.textAt(o, "reason")),
          text("Object", (o, _) -> object(o)),
          text("Subobject", (o, _) -> Json.textAt(o, "involvedObject", "fieldPath")).wide(),
          text("Source", (o, _) -> source(o)).wide(),
          text("Message", (o, _) -> Json.textAt(o, "message").strip()),
          text("First Seen", (o, now) -> Ages.since(first(o), now)).wide(),
          text("Count", (o, _) -> String.valueOf(Math.max(1, Json.numberAt(o, "count")))).wide(),
          name().wide());

  private EventColumns() {}

  private static String first(JsonNode event) {
    return present(Json.textAt(event, "firstTimestamp"), Json.textAt(event, "eventTime"));
  }

  private static String lastSeen(JsonNode event, Instant now) {
    return Ages.since(present(Json.textAt(event, "lastTimestamp"), first(event)), now);
  }

  private static String present(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  private static String object(JsonNode event) {
    return Json.textAt(event, "involvedObject", "kind").toLowerCase(Locale.ROOT)
        + "/"
        + Json.textAt(event, "involvedObject", "name");
  }

  private static String source(JsonNode event) {
    return String.join(
        ", ",
        Stream.of(
                present(
                    Json.textAt(event, "source", "component"),
                    Json.textAt(event, "reportingComponent")),
                Json.textAt(event, "source", "host"))
            .filter(text -> !text.isEmpty())
            .toList());
  }
}
