package dev.ringfence.lab.control;

import dev.ringfence.report.Json;
import java.util.List;

/// One line from a client: what to do, and with what.
record Request(String verb, List<String> arguments) {
  static final String UP = "up";
  static final String STATUS = "status";
  static final String PROBE = "probe";
  static final String WATCH = "watch";
  static final String NAMESPACE_OF = "namespace-of";
  static final String DOWN = "down";

  Request {
    arguments = List.copyOf(arguments);
  }

  static Request of(String verb, List<String> arguments) {
    return new Request(verb, arguments);
  }

  String line() {
    return Json.line(this);
  }
}
