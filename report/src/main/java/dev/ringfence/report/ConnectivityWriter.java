package dev.ringfence.report;

import dev.ringfence.core.answer.Connection;
import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Opening;
import dev.ringfence.core.answer.Party;
import dev.ringfence.core.compiled.PortSet;
import java.io.StringWriter;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/// Writes a `Connectivity` document (formats.md, list) as a stream: a large one is never whole in
/// memory.
public final class ConnectivityWriter {
  /// Closing what it makes leaves the writer open.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

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
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
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
    json.writeRawValue(ports.computeIfAbsent(opening.ports(), ConnectivityWriter::text));
    if (!opening.families().isEmpty()) {
      json.writeName("families");
      json.writeStartArray();
      opening.families().forEach(family -> json.writeString(family.toString()));
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static String text(PortSet ports) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartArray();
      PortEntry.of(ports).forEach(entry -> entry(json, entry));
      json.writeEndArray();
    }
    return out.toString();
  }

  private static void entry(JsonGenerator json, PortEntry entry) {
    json.writeStartObject();
    json.writeStringProperty("protocol", entry.protocol());
    if (entry.port() != null) {
      json.writeNumberProperty("port", entry.port());
    }
    if (entry.endPort() != null) {
      json.writeNumberProperty("endPort", entry.endPort());
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
