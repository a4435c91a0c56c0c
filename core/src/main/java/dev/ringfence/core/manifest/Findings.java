package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The problems of one object, in the server's order and words (S131 to S133).
final class Findings {
  /// More of one object are counted and not kept, so that a hostile one costs bounded memory.
  static final int MOST_PROBLEMS = 1_000;

  private final String file;
  private final String resource;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> atEnd = new ArrayList<>();
  private int droppedErrors;
  private int droppedWarnings;
  private boolean decodeFailed;
  private Severity severity = Severity.ERROR;

  /// @param resource `networkpolicy/shop/db`, or empty where the object has no name
  Findings(String file, String resource) {
    this.file = file;
    this.resource = resource;
  }

  Place place(Path path) {
    return new Place(file, path.line(), path.column());
  }

  /// Decoding failed: what validation finds after it, the server never gets to say (S130).
  void decodeFailed() {
    decodeFailed = true;
  }

  /// While on, what validation finds is a warning: an old server has let it in (S30).
  void forgiving(boolean on) {
    severity = on ? Severity.WARNING : Severity.ERROR;
  }

  List<Problem> all() {
    List<Problem> out = new ArrayList<>(problems);
    out.addAll(atEnd);
    if (droppedErrors + droppedWarnings > 0) {
      out.add(more(out.getFirst()));
    }
    return out;
  }

  private Problem more(Problem first) {
    return new Problem(
        droppedErrors > 0 ? Severity.ERROR : Severity.WARNING,
        first.place(),
        first.resource(),
        Optional.empty(),
        Reason.BAD_REQUEST,
        "and " + (droppedErrors + droppedWarnings) + " more problems in this object",
        false);
  }

  private boolean wouldAnswer() {
    return !decodeFailed && severity == Severity.ERROR;
  }

  private void keep(List<Problem> in, Problem problem) {
    if (problems.size() + atEnd.size() < MOST_PROBLEMS) {
      in.add(problem);
    } else if (problem.isError()) {
      droppedErrors++;
    } else {
      droppedWarnings++;
    }
  }

  void required(Path path, String detail) {
    add(path, Reason.REQUIRED, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  /// As [#required], but behind everything else, as the server does with a missing `cidr` (S133).
  void requiredAtEnd(Path path) {
    keep(atEnd, problem(severity, path, Reason.REQUIRED, "Required value", wouldAnswer()));
  }

  /// @param value as [GoText] prints it
  void invalid(Path path, String value, String detail) {
    add(path, Reason.INVALID, "Invalid value: " + value + ": " + detail);
  }

  void unsupported(Path path, String value, String... supported) {
    List<String> quoted = new ArrayList<>();
    for (String one : supported) {
      quoted.add(GoText.quote(one));
    }
    add(
        path,
        Reason.NOT_SUPPORTED,
        "Unsupported value: "
            + GoText.quote(value)
            + ": supported values: "
            + String.join(", ", quoted));
  }

  void forbidden(Path path, String detail) {
    add(path, Reason.FORBIDDEN, "Forbidden: " + detail);
  }

  void tooLong(Path path, String detail) {
    add(path, Reason.TOO_LONG, "Too long: " + detail);
  }

  /// @param server whether it is the one that the server names (S177)
  void badRequest(Path path, String message, boolean server) {
    keep(problems, problem(Severity.ERROR, path, Reason.BAD_REQUEST, message, server));
  }

  /// A mistake that only we call one.
  void ours(Path path, Reason reason, String message) {
    keep(problems, problem(Severity.ERROR, path, reason, message, false));
  }

  void warning(Path path, Reason reason, String message, boolean server) {
    keep(problems, problem(Severity.WARNING, path, reason, message, server));
  }

  private void add(Path path, Reason reason, String message) {
    keep(problems, problem(severity, path, reason, message, wouldAnswer()));
  }

  private Problem problem(Severity how, Path path, Reason reason, String message, boolean server) {
    return new Problem(
        how,
        Optional.of(place(path)),
        Optional.of(resource).filter(text -> !text.isEmpty()),
        Optional.of(path.toString()).filter(text -> !text.isEmpty()),
        reason,
        message,
        server);
  }
}
