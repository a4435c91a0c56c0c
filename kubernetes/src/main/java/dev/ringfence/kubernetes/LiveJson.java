package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveBuilder;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Objects out of a stream of JSON, one at a time and only what is wanted of each.
final class LiveJson {
  private static final JsonMapper JSON = new JsonMapper();

  private LiveJson() {}

  static JsonParser parser(InputStream in) {
    return JSON.createParser(in);
  }

  /// The object that begins at the current token.
  static LiveObject.Read object(JsonParser parser, LiveKind kind) throws IOException {
    expect(parser, JsonToken.START_OBJECT);
    LiveBuilder builder = new LiveBuilder(kind);
    int depth = 0;
    do {
      depth += take(parser, parser.currentToken(), builder);
    } while (depth > 0 && parser.nextToken() != null);
    if (depth > 0) {
      throw new IOException("the answer ends within an object");
    }
    return builder.read();
  }

  /// Hands one token on; a value that is not wanted is left out with all that is in it.
  ///
  /// @return by how much it is deeper now
  private static int take(JsonParser parser, JsonToken token, LiveBuilder into) {
    switch (token) {
      case START_OBJECT -> {
        into.beginObject();
        return 1;
      }
      case START_ARRAY -> {
        into.beginArray();
        return 1;
      }
      case END_OBJECT -> {
        into.endObject();
        return -1;
      }
      case END_ARRAY -> {
        into.endArray();
        return -1;
      }
      case PROPERTY_NAME -> {
        if (!into.field(parser.currentName())) {
          parser.nextToken();
          parser.skipChildren();
        }
      }
      case VALUE_STRING -> into.text(parser.getString());
      case VALUE_NUMBER_INT -> into.whole(parser.getString());
      case VALUE_NUMBER_FLOAT -> into.fraction(parser.getString());
      case VALUE_TRUE -> into.truth(true);
      case VALUE_FALSE -> into.truth(false);
      case VALUE_NULL -> into.nothing();
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no token of JSON text: " + token);
    }
    return 0;
  }

  static void expect(JsonParser parser, JsonToken token) throws IOException {
    if (parser.currentToken() != token) {
      throw new IOException("the answer has " + parser.currentToken() + " instead of " + token);
    }
  }

  /// Reads on; what is no JSON is an error of the answer, not of ours.
  interface Reading<T> {
    T read(JsonParser parser) throws IOException, InterruptedException;
  }

  static <T> T reading(InputStream in, Reading<T> what) throws IOException, InterruptedException {
    try (JsonParser parser = parser(in)) {
      return what.read(parser);
    } catch (JacksonException broken) {
      throw new IOException("the answer cannot be read: " + broken.getOriginalMessage(), broken);
    }
  }
}
