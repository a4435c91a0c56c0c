package dev.ringfence.report;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What one line of a batch turned out to be. Unknown keys are ignored.
public sealed interface QuestionLine {
  /// A question that can be asked.
  record Asked(Question question) implements QuestionLine {}

  /// A line that asks nothing; the answer to be printed in its place says why.
  record Refused(QueryError error) implements QuestionLine {}

  /// Reads one line. An absent protocol is TCP, as everywhere in Kubernetes.
  static QuestionLine read(String text) {
    JsonNode line;
    try {
      line = Json.read(text);
    } catch (Json.Unreadable e) {
      return new Refused(QueryError.ofText(text, message(e)));
    }
    if (!line.isObject()) {
      return new Refused(QueryError.ofText(text, "a question is a JSON object"));
    }
    return problem(line)
        .<QuestionLine>map(why -> new Refused(QueryError.ofLine(line, why)))
        .orElseGet(() -> new Asked(question(line)));
  }

  private static Optional<String> problem(JsonNode line) {
    for (String end : new String[] {"from", "to"}) {
      if (!line.path(end).isString()) {
        return Optional.of(end + ": a pod, a node or an address is required");
      }
    }
    JsonNode protocol = line.path("protocol");
    if (!absent(protocol) && !protocol.isString()) {
      return Optional.of("protocol: must be a string");
    }
    JsonNode port = line.path("port");
    return absent(port) || port.isInt()
        ? Optional.empty()
        : Optional.of("port: must be a number from 1 to 65535");
  }

  private static Question question(JsonNode line) {
    JsonNode protocol = line.path("protocol");
    JsonNode port = line.path("port");
    return new Question(
        line.get("id"),
        line.path("from").stringValue(),
        line.path("to").stringValue(),
        absent(protocol) ? "TCP" : protocol.stringValue(),
        absent(port) ? null : port.intValue());
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
