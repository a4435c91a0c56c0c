package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// In the place of an answer that could not be given: the question as it was, and why not.
///
/// @param line the text itself, where it is no JSON object
/// @param error one sentence
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryError(
    @Nullable JsonNode id,
    @Nullable JsonNode from,
    @Nullable JsonNode to,
    @Nullable JsonNode protocol,
    @Nullable JsonNode port,
    @Nullable String line,
    String error) {

  static QueryError ofText(String text, String error) {
    return new QueryError(null, null, null, null, null, text, error);
  }

  static QueryError ofLine(JsonNode line, String error) {
    return new QueryError(
        line.get("id"),
        line.get("from"),
        line.get("to"),
        line.get("protocol"),
        line.get("port"),
        null,
        error);
  }

  /// A question that reads well and yet has no answer, such as one about a pod nobody knows.
  public static QueryError of(Question question, String error) {
    try {
      return ofLine(Json.read(Json.line(question)), error);
    } catch (Json.Unreadable e) {
      throw new IllegalStateException(e);
    }
  }
}
