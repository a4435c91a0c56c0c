package dev.ringfence.lab.api.objects;

import static dev.ringfence.lab.api.objects.Column.age;
import static dev.ringfence.lab.api.objects.Column.name;
import static dev.ringfence.lab.api.objects.Column.text;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// The columns of a pod.
final class PodColumns {
  static final List<Column> ALL =
      List.of(
          name(),
          text("Ready", (o, _) -> ready(o)),
          text("Status", (o, _) -> status(o)),
          text("Restarts", (o, _) -> restarts(o)),
          age(),
          text("IP", (o, _) -> Columns.none(address(o))).wide(),
          text("Node", (o, _) -> Columns.none(Json.textAt(o, "spec", "nodeName"))).wide(),
          text(
                  "Nominated Node",
                  (o, _) -> Columns.none(Json.textAt(o, "status", "nominatedNodeName")))
              .wide(),
          text("Readiness Gates", (o, _) -> gates(o)).wide());

  private PodColumns() {}

  private static List<JsonNode> containers(JsonNode pod) {
    return Json.items(pod, "status", "containerStatuses");
  }

  private static String ready(JsonNode pod) {
    long ready = containers(pod).stream().filter(c -> c.path("ready").asBoolean(false)).count();
    return ready + "/" + Json.items(pod, "spec", "containers").size();
  }

  /// The phase, or what keeps a container from running.
  private static String status(JsonNode pod) {
    String reason = Json.textAt(pod, "status", "reason");
    String out = reason.isEmpty() ? Json.textAt(pod, "status", "phase") : reason;
    for (JsonNode container : containers(pod)) {
      for (String state : List.of("waiting", "terminated")) {
        String why = Json.textAt(container, "state", state, "reason");
        out = why.isEmpty() ? out : why;
      }
    }
    return Json.at(pod, "metadata", "deletionTimestamp").isMissingNode() ? out : "Terminating";
  }

  private static String restarts(JsonNode pod) {
    return String.valueOf(
        containers(pod).stream().mapToLong(c -> Json.numberAt(c, "restartCount")).sum());
  }

  private static String address(JsonNode pod) {
    return Json.items(pod, "status", "podIPs").stream()
        .map(ip -> Json.textAt(ip, "ip"))
        .findFirst()
        .orElse(Json.textAt(pod, "status", "podIP"));
  }

  private static String gates(JsonNode pod) {
    List<JsonNode> gates = Json.items(pod, "spec", "readinessGates");
    if (gates.isEmpty()) {
      return "<none>";
    }
    long open =
        gates.stream()
            .filter(gate ->
                Json.items(pod, "status", "conditions").stream()
                    .anyMatch(c ->
                        Json.textAt(c, "type").equals(Json.textAt(gate, "conditionType"))
                            && Json.textAt(c, "status").equals("True")))
            .count();
    return open + "/" + gates.size();
  }
}
