package dev.ringfence.lab.control;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line to a client; the last one of an answer has `last`.
///
/// @param kind which of the other parts counts
/// @param lines words for a person, or a value
record Reply(
    Kind kind,
    boolean last,
    List<String> lines,
    @Nullable LabReport report,
    @Nullable LabStatus status) {
  enum Kind {
    /// What is being done now.
    PROGRESS,
    /// A round of probes.
    REPORT,
    STATUS,
    /// The input has errors; what was in force stays in force.
    REFUSED,
    /// A value in `lines`.
    VALUE,
    /// The request could not be carried out.
    FAILED,
    DONE
  }

  Reply {
    lines = List.copyOf(lines);
  }

  static Reply progress(String step) {
    return new Reply(Kind.PROGRESS, false, List.of(step), null, null);
  }

  static Reply report(LabReport report, boolean last) {
    return new Reply(Kind.REPORT, last, List.of(), report, null);
  }

  static Reply status(LabStatus status) {
    return new Reply(Kind.STATUS, true, List.of(), null, status);
  }

  static Reply refused(List<String> problems, boolean last) {
    return new Reply(Kind.REFUSED, last, problems, null, null);
  }

  static Reply value(String value) {
    return new Reply(Kind.VALUE, true, List.of(value), null, null);
  }

  static Reply failed(String why) {
    return new Reply(Kind.FAILED, true, List.of(why), null, null);
  }

  static Reply done() {
    return new Reply(Kind.DONE, true, List.of(), null, null);
  }

  String line() {
    return Json.line(this);
  }
}
