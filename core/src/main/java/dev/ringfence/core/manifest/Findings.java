package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
  private boolean answered;
  private Severity severity = Severity.ERROR;

  /// @param resource `networkpolicy/shop/db`, or empty where the object has no name
  Findings(String file, String resource) {
    this.file = file;
    this.resource = resource;
  }

  Place place(Path path) {
    return new Place(file, path.line(), path.column());
  }

  /// A stage has failed: what the ones after it find, the server never gets to say (S130).
  void answered() {
    answered = true;
  }

  /// While on, what validation finds is a warning: an old server has let it in (S30).
  void forgiving(boolean on) {
    severity = on ? Severity.WARNING : Severity.ERROR;
  }

  /// What the server says to an update that names another object than the one it is sent to.
  Problem mismatch(Path root, Before.Old old, Tree.Mapping written) {
    String name = Meta.name(written).orElse("");
    String message;
    if (name.isEmpty()) {
      message =
          "the name of the object ("
              + old.name()
              + " based on URL) was undeterminable: name must be provided";
    } else if (name.equals(old.name())) {
      message =
          "the namespace of the provided object does not match the namespace sent on the request";
    } else {
      message =
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + old.name()
              + ")";
    }
    return problem(Severity.ERROR, root, Reason.BAD_REQUEST, message, !answered);
  }

  List<Problem> all() {
    if (problems.isEmpty() && atEnd.isEmpty()) {
      return List.of();
    }
    List<Problem> out = new ArrayList<>(problems);
    out.addAll(atEnd);
    settleAnswers(out);
    if (droppedErrors + droppedWarnings > 0) {
      out.add(more(out.getFirst()));
    }
    return out;
  }

  /// Equal messages of validation are one to the server (S132), and of an object that it refuses it
  /// does not warn about CIDRs (S130).
  private static void settleAnswers(List<Problem> all) {
    Set<String> said = new HashSet<>();
    boolean refused = all.stream().anyMatch(one -> one.isError() && one.server());
    all.replaceAll(one -> {
      if (one.isError()) {
        boolean validation = one.server() && one.reason() != Reason.BAD_REQUEST;
        boolean again = validation && !said.add(one.field().orElse("") + one.message());
        return again ? one.asOurs() : one;
      }
      return refused && one.reason() != Reason.BAD_REQUEST ? one.asOurs() : one;
    });
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
    return !answered && severity == Severity.ERROR;
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
    invalid(path, value, detail, "");
  }

  /// @param hint what was probably meant, or empty
  void invalid(Path path, String value, String detail, String hint) {
    String message = "Invalid value: " + value + ": " + detail;
    keep(problems, problem(severity, path, Reason.INVALID, message, wouldAnswer(), hint));
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
            + GoText.json(value)
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
    badRequest(path, message, server, "");
  }

  void badRequest(Path path, String message, boolean server, String hint) {
    keep(problems, problem(Severity.ERROR, path, Reason.BAD_REQUEST, message, server, hint));
  }

  /// The server refuses the object before it validates it; the first reason answers.
  void beforeValidation(Path path, Reason reason, String message) {
    keep(problems, problem(Severity.ERROR, path, reason, message, !answered));
    answered = true;
  }

  /// What the server refuses only where nothing else is wrong.
  void last(Path path, String message, String hint) {
    boolean server =
        !answered
            && problems.stream().noneMatch(Problem::isError)
            && atEnd.stream().noneMatch(Problem::isError);
    keep(atEnd, problem(Severity.ERROR, path, Reason.INTERNAL_ERROR, message, server, hint));
  }

  /// A mistake that only we call one.
  void ours(Path path, Reason reason, String message) {
    keep(problems, problem(Severity.ERROR, path, reason, message, false));
  }

  void warning(Path path, Reason reason, String message, boolean server) {
    keep(problems, problem(Severity.WARNING, path, reason, message, server));
  }

  /// What the server warns of before it validates: also of an object that it then refuses, unless
  /// it could not even read it.
  void warningBeforeValidation(Path path, String message) {
    warning(path, Reason.BAD_REQUEST, message, !answered);
  }

  private void add(Path path, Reason reason, String message) {
    keep(problems, problem(severity, path, reason, message, wouldAnswer()));
  }

  private Problem problem(Severity how, Path path, Reason reason, String message, boolean server) {
    return problem(how, path, reason, message, server, "");
  }

  private Problem problem(
      Severity how, Path path, Reason reason, String message, boolean server, String hint) {
    return new Problem(
        how,
        Optional.of(place(path)),
        Optional.of(resource).filter(text -> !text.isEmpty()),
        Optional.of(path.toString()).filter(text -> !text.isEmpty()),
        reason,
        message,
        server,
        Optional.of(hint).filter(text -> !text.isEmpty()));
  }
}
