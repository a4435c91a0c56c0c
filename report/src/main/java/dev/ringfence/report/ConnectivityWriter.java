package dev.ringfence.report;

import dev.ringfence.core.answer.Connection;
import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Opening;
import dev.ringfence.core.answer.Party;
import dev.ringfence.core.compiled.PortSet;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/// Writes a `Connectivity` document (formats.md, list) as a stream: a large one is never whole in
/// memory.
public final class ConnectivityWriter {
  private final JsonGenerator json;
  private final Map<String, SerializableString> names = new HashMap<>();
  private final Map<PortSet, String> ports = new HashMap<>();

  private ConnectivityWriter(JsonGenerator json) {
    this.json = json;
  }

  /// Writes the document without its newline; the writer stays open.
  ///
  /// @param connections hands every connection to whom it is given, in order
  public static void write(
      Writer out, List<Party> endpoints, Consumer<Consumer<Connection>> connections) {
    try (JsonGenerator json = Json.stream(out)) {
      new ConnectivityWriter(json).document(endpoints, connections);
    }
  }

  private void document(List<Party> endpoints, Consumer<Consumer<Connection>> connections) {
    json.writeStartObject();
    json.writeStringProperty("apiVersion", "ringfence.dev/v1");
    json.writeStringProperty("kind", "Connectivity");
    json.writeName("endpoints");
    json.writeStartArray();
    endpoints.forEach(this::endpoint);
    json.writeEndArray();
    json.writeName("connections");
    json.writeStartArray();
    connections.accept(this::connection);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void endpoint(Party party) {
    json.writeStartObject();
    json.writeStringProperty("id", party.id());
    if (!party.namespace().isEmpty()) {
      json.writeStringProperty("namespace", party.namespace());
    }
    json.writeStringProperty("kind", party.kind());
    json.writeStringProperty("name", party.name());
    json.writeNumberProperty("replicas", party.replicas());
    json.writeEndObject();
  }

  private void connection(Connection one) {
    json.writeStartObject();
    end("from", one.from());
    end("to", one.to());
    Opening opening = one.opening();
    json.writeBooleanProperty("all", opening.ports().isAll());
    json.writeName("ports");
    json.writeRawValue(ports.computeIfAbsent(opening.ports(), set -> Json.line(PortEntry.of(set))));
    if (!opening.families().isEmpty()) {
      json.writeName("families");
      json.writeStartArray();
      opening.families().forEach(family -> json.writeString(family.toString()));
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void end(String key, Where end) {
    json.writeName(key);
    switch (end) {
      case Where.Inside(Party party) ->
          json.writeString(names.computeIfAbsent(party.id(), SerializedString::new));
      case Where.Outside(var ranges) -> {
        json.writeStartObject();
        json.writeName("outside");
        json.writeStartArray();
        ranges.forEach(range -> json.writeString(range.toString()));
        json.writeEndArray();
        json.writeEndObject();
      }
    }
  }
}
