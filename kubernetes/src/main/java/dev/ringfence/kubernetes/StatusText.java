package dev.ringfence.kubernetes;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an error's body says to people.
final class StatusText {
  private static final JsonMapper JSON = new JsonMapper();

  private StatusText() {}

  /// The message of a `Status`; of anything else, its text.
  static String message(String body) {
    try {
      JsonNode message = JSON.readTree(body).path("message");
      return message.isString() ? message.stringValue() : body;
    } catch (JacksonException _) {
      return body;
    }
  }
}
