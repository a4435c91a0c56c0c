package dev.ringfence.lab.control;

import dev.ringfence.lab.LabOptions;
import dev.ringfence.report.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line from a client: what to do, and with what.
///
/// @param options for `up` only
record Request(String verb, List<String> arguments, @Nullable LabOptions options) {
  static final String UP = "up";
  static final String STATUS = "status";
  static final String PROBE = "probe";
  static final String WATCH = "watch";
  static final String NAMESPACE_OF = "namespace-of";
  static final String TABLE = "table";
  static final String PROOF = "proof";

  Request {
    arguments = List.copyOf(arguments);
  }

  static Request of(String verb, List<String> arguments) {
    return new Request(verb, arguments, null);
  }

  static Request up(List<String> paths, LabOptions options) {
    return new Request(UP, paths, options);
  }

  String line() {
    return Json.line(this);
  }
}
