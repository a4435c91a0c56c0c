package dev.ringfence.report;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// The one writer and reader of our JSON: keys in record order, nothing escaped beyond need.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /// One line without its newline.
  ///
  /// @param document a record of this package
  public static String line(Object document) {
    return MAPPER.writeValueAsString(document);
  }

  /// Reads exactly one JSON value.
  ///
  /// @throws Unreadable with the reason and the column, if the text is anything else
  public static JsonNode read(String text) throws Unreadable {
    try {
      JsonNode value = MAPPER.readTree(text);
      if (value.isMissingNode()) {
        throw new Unreadable("nothing here");
      }
      return value;
    } catch (JacksonException e) {
      int column = e.getLocation() == null ? -1 : e.getLocation().getColumnNr();
      String at = column > 0 ? " (column " + column + ")" : "";
      throw new Unreadable("not JSON: " + e.getOriginalMessage() + at);
    }
  }

  /// Reads one document of this package back; keys that we do not know are ignored.
  public static <T> T read(String text, Class<T> kind) throws Unreadable {
    try {
      return MAPPER
          .readerFor(kind)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(text);
    } catch (JacksonException e) {
      throw new Unreadable("not a " + kind.getSimpleName() + ": " + e.getOriginalMessage());
    }
  }

  /// The text is not what was asked for; the message says why, in one line.
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message.lines().findFirst().orElse(message));
    }
  }
}
