package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Place;
import dev.ringfence.core.manifest.Problem;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What `check` found (formats.md, check).
///
/// @param read how many objects of each kind we understand
/// @param skipped how many objects of each other kind
@JsonPropertyOrder({"apiVersion", "kind", "problems", "read", "skipped"})
public record CheckReport(
    String apiVersion,
    String kind,
    List<Mistake> problems,
    SortedMap<String, Integer> read,
    SortedMap<String, Integer> skipped) {
  public CheckReport {
    problems = List.copyOf(problems);
  }

  public static CheckReport of(Loaded loaded) {
    return new CheckReport(
        "ringfence.dev/v1",
        "CheckReport",
        loaded.problems().stream().map(Mistake::of).toList(),
        loaded.read(),
        loaded.skipped());
  }

  /// One problem; what it has not is null.
  ///
  /// @param severity `error` or `warning`
  /// @param file PATH as typed, or `-`; line and column count from 1
  /// @param resource `networkpolicy/shop/db`
  /// @param server whether the API server itself would answer this
  /// @param hint what was probably meant; left out where there is none
  public record Mistake(
      String severity,
      @Nullable String file,
      @Nullable Integer line,
      @Nullable Integer column,
      @Nullable String resource,
      @Nullable String field,
      String reason,
      String message,
      boolean server,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String hint) {
    static Mistake of(Problem problem) {
      return new Mistake(
          problem.severity().toString(),
          problem.place().map(Place::file).orElse(null),
          problem.place().map(Place::line).orElse(null),
          problem.place().map(Place::column).orElse(null),
          problem.resource().orElse(null),
          problem.field().orElse(null),
          problem.reason().toString(),
          problem.message(),
          problem.server(),
          problem.hint().orElse(null));
    }
  }
}
