package dev.ringfence.lab.cluster;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.lab.api.objects.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The status of a pod whose namespace and listeners are there.
final class PodStatus {
  private PodStatus() {}

  /// @param old the pod as the API has it
  static Optional<ObjectNode> differing(ObjectNode old, Pod pod, Optional<Node> node) {
    List<String> addresses = pod.knownAddresses().stream().map(Address::toString).toList();
    List<String> before =
        Json.items(old, "status", "podIPs").stream().map(one -> Json.textAt(one, "ip")).toList();
    if (Json.textAt(old, "status", "phase").equals("Running")
        && before.equals(addresses)
        && isReady(old)) {
      return Optional.empty();
    }
    return Optional.of(status(old, addresses, node));
  }

  static boolean isReady(ObjectNode pod) {
    return Json.items(pod, "status", "conditions").stream()
        .anyMatch(one ->
            Json.textAt(one, "type").equals("Ready") && Json.textAt(one, "status").equals("True"));
  }

  private static ObjectNode status(ObjectNode pod, List<String> addresses, Optional<Node> node) {
    ObjectNode out = Json.object().put("phase", "Running").put("qosClass", "BestEffort");
    String now = Events.now();
    String started = Json.textAt(pod, "status", "startTime");
    out.put("startTime", started.isEmpty() ? now : started);
    ArrayNode ips = out.putArray("podIPs");
    addresses.forEach(one -> ips.addObject().put("ip", one));
    if (!addresses.isEmpty()) {
      out.put("podIP", addresses.getFirst());
    }
    List<String> host =
        node.map(one -> one.addresses().stream().map(Address::toString).toList()).orElse(List.of());
    if (!host.isEmpty()) {
      out.put("hostIP", host.getFirst());
      ArrayNode hosts = out.putArray("hostIPs");
      host.forEach(one -> hosts.addObject().put("ip", one));
    }
    ArrayNode conditions = out.putArray("conditions");
    for (String type :
        List.of(
            "PodReadyToStartContainers",
            "Initialized",
            "Ready",
            "ContainersReady",
            "PodScheduled")) {
      conditions.addObject().put("type", type).put("status", "True").put("lastTransitionTime", now);
    }
    containers(pod, out.putArray("containerStatuses"), now);
    return out;
  }

  private static void containers(ObjectNode pod, ArrayNode statuses, String now) {
    for (JsonNode container : Json.items(pod, "spec", "containers")) {
      ObjectNode status = statuses.addObject();
      status.put("name", Json.textAt(container, "name"));
      status.put("image", Json.textAt(container, "image")).put("imageID", "");
      status.put("ready", true).put("started", true).put("restartCount", 0);
      status.putObject("state").putObject("running").put("startedAt", now);
    }
  }
}
