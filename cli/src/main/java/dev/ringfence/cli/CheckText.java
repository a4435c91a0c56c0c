package dev.ringfence.cli;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Place;
import dev.ringfence.core.manifest.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// Problems as a person reads them: one sentence each, its line quoted, a caret under the column;
/// at the end what was read.
final class CheckText {
  private final Console console;
  private final Paint paint;

  CheckText(Console console) {
    this.console = console;
    this.paint = console.paint();
  }

  /// @param files how many were read
  /// @param live whether a cluster was
  void print(Loaded loaded, int files, boolean live, Quotes.Again again) {
    List<Place> places =
        loaded.problems().stream().map(Problem::place).flatMap(Optional::stream).toList();
    Quotes quotes = Quotes.of(places, again);
    for (Problem problem : loaded.problems()) {
      print(problem, problem.place().flatMap(quotes::of));
    }
    console.out().println(summary(loaded, from(files, live)));
  }

  private void print(Problem problem, Optional<Quote> quote) {
    String where = problem.place().map(place -> place + ": ").orElse("");
    String severity = problem.severity() + ":";
    String painted = problem.isError() ? paint.red(severity) : paint.yellow(severity);
    String what =
        (problem.resource().orElse("") + " " + problem.field().orElse("")).strip()
            + (problem.resource().isPresent() || problem.field().isPresent() ? ": " : "");
    console
        .out()
        .println(
            paint.bold(harmless(where))
                + painted
                + " "
                + harmless(what)
                + harmless(problem.message()));
    Optional<Quote> line = quote.filter(one -> !one.text().isEmpty());
    line.ifPresentOrElse(
        one -> print(problem, one),
        () -> problem.hint().ifPresent(hint -> console.out().println("  " + harmless(hint))));
  }

  private void print(Problem problem, Quote quote) {
    String number = problem.place().map(place -> String.valueOf(place.line())).orElse("");
    String caret = problem.isError() ? paint.red("^") : paint.yellow("^");
    console.out().println(paint.dim("  " + number + " | ") + quote.text());
    console
        .out()
        .println(
            paint.dim("  " + " ".repeat(number.length()) + " | ")
                + " ".repeat(quote.column())
                + caret
                + problem.hint().map(hint -> " " + harmless(hint)).orElse(""));
  }

  /// `2 errors, 1 warning; read 3 NetworkPolicy, 12 Pod from 4 files; skipped 1 ConfigMap`.
  private static String summary(Loaded loaded, String from) {
    long errors = loaded.problems().stream().filter(Problem::isError).count();
    long warnings = loaded.problems().size() - errors;
    return count(errors, "error")
        + ", "
        + count(warnings, "warning")
        + "; read "
        + (loaded.read().isEmpty() ? "nothing" : kinds(loaded.read()))
        + " from "
        + from
        + (loaded.skipped().isEmpty() ? "" : "; skipped " + kinds(loaded.skipped()));
  }

  private static String from(int files, boolean live) {
    String cluster = live ? "the cluster" : "";
    String both = live && files > 0 ? " and " : "";
    return cluster + both + (live && files == 0 ? "" : count(files, "file"));
  }

  private static String kinds(SortedMap<String, Integer> kinds) {
    return kinds.entrySet().stream()
        .map((Map.Entry<String, Integer> one) -> one.getValue() + " " + harmless(one.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String count(long count, String what) {
    return (count == 0 ? "no" : String.valueOf(count)) + " " + what + (count == 1 ? "" : "s");
  }

  /// Texts from the input may hold what a terminal would obey; a line end stays one.
  private static String harmless(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          if (type == Character.CONTROL || type == Character.FORMAT) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }
}
