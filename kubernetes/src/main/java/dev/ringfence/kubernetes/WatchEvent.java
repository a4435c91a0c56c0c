package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// One line of a watch.
sealed interface WatchEvent {
  /// It is there now, new or changed.
  record Set(LiveObject.Read object) implements WatchEvent {}

  record Gone(LiveObject.Read object) implements WatchEvent {}

  /// Nothing up to this resource version has been left out.
  record Bookmark(String resourceVersion) implements WatchEvent {}

  /// Why the watch ends.
  record Failed(int code, String message) implements WatchEvent {}

  /// Reads the next event, which may be long in coming.
  ///
  /// @return null at the end of the stream
  static @Nullable WatchEvent next(JsonParser parser, LiveKind kind) throws IOException {
    if (parser.nextToken() == null) {
      return null;
    }
    LiveJson.expect(parser, JsonToken.START_OBJECT);
    String type = "";
    WatchEvent event = null;
    JsonNode early = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("type") && value == JsonToken.VALUE_STRING) {
        type = parser.getString();
      } else if (!field.equals("object") || value != JsonToken.START_OBJECT) {
        parser.skipChildren();
      } else if (type.isEmpty()) {
        early = parser.readValueAsTree();
      } else {
        event = event(type, parser, kind);
      }
    }
    LiveJson.expect(parser, JsonToken.END_OBJECT);
    if (event == null && early != null) {
      event = event(type, early, kind);
    }
    if (event == null) {
      throw new IOException("a watch event of type \"" + type + "\" without an object");
    }
    return event;
  }

  private static WatchEvent event(String type, JsonNode object, LiveKind kind) throws IOException {
    byte[] again = object.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (InputStream in = new java.io.ByteArrayInputStream(again);
        JsonParser parser = LiveJson.parser(in)) {
      parser.nextToken();
      return event(type, parser, kind);
    }
  }

  private static WatchEvent event(String type, JsonParser parser, LiveKind kind)
      throws IOException {
    return switch (type) {
      case "ADDED", "MODIFIED" -> new Set(LiveJson.object(parser, kind));
      case "DELETED" -> new Gone(LiveJson.object(parser, kind));
      case "BOOKMARK" -> new Bookmark(LiveJson.object(parser, kind).resourceVersion());
      case "ERROR" -> {
        JsonNode status = parser.readValueAsTree();
        yield new Failed(status.path("code").asInt(0), status.path("message").asString(""));
      }
      default -> throw new IOException("a watch event of type \"" + type + "\"");
    };
  }
}
