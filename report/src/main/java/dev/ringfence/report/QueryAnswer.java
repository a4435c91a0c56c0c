package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The answer to one [Question] (`formats.md`, query).
///
/// @param egress what the source's side says: `allowed`, `denied`, `not-isolated`, `own-node`,
///   `self` or `not-applicable`
/// @param ingress likewise the destination's side
/// @param family `IPv4` or `IPv6`; absent where no end has an address
/// @param certainty `defined`, or `implementation` where upstream leaves it open
/// @param backends pods behind a Service address; absent unless `to` is one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryAnswer(
    @Nullable JsonNode id,
    String from,
    String to,
    String protocol,
    @Nullable Integer port,
    boolean allowed,
    String egress,
    String ingress,
    @Nullable String family,
    String certainty,
    @Nullable List<String> backends) {
  public QueryAnswer {
    backends = backends == null ? null : List.copyOf(backends);
  }

  /// The answer beside its question, whose id and spelling it echoes.
  public static QueryAnswer to(
      Question question,
      boolean allowed,
      String egress,
      String ingress,
      @Nullable String family,
      String certainty,
      @Nullable List<String> backends) {
    return new QueryAnswer(
        question.id(),
        question.from(),
        question.to(),
        question.protocol(),
        question.port(),
        allowed,
        egress,
        ingress,
        family,
        certainty,
        backends);
  }
}
