package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One line of `query --batch`: may `from` open this to `to`? Ends are as typed, nothing is
/// resolved yet.
///
/// @param id anything, echoed; absent if the question has none
/// @param protocol as typed
/// @param port absent where the protocol has none
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(
    @Nullable JsonNode id, String from, String to, String protocol, @Nullable Integer port) {
  /// A question without an id, as a command line asks it.
  public static Question of(String from, String to, String protocol, @Nullable Integer port) {
    return new Question(null, from, to, protocol, port);
  }
}
