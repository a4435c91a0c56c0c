package dev.ringfence.lab.api.objects;

import static dev.ringfence.lab.api.objects.Column.age;
import static dev.ringfence.lab.api.objects.Column.name;
import static dev.ringfence.lab.api.objects.Column.number;
import static dev.ringfence.lab.api.objects.Column.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The columns of each kind, as a cluster's server has them.
final class Columns {
  private static final String NONE = "<none>";
  private static final String ROLE = "node-role.kubernetes.io/";

  private static final Map<ResourceKind, List<Column>> OF =
      Map.ofEntries(
          Map.entry(
              Kinds.NETWORK_POLICY,
              List.of(
                  name(),
                  text("Pod-Selector", (o, _) -> selector(Json.at(o, "spec", "podSelector"))),
                  age())),
          Map.entry(
              Kinds.NAMESPACE,
              List.of(name(), text("Status", (o, _) -> Json.textAt(o, "status", "phase")), age())),
          Map.entry(Kinds.POD, PodColumns.ALL),
          Map.entry(
              Kinds.NODE,
              List.of(
                  name(),
                  text("Status", (o, _) -> nodeStatus(o)),
                  text("Roles", (o, _) -> roles(o)),
                  age(),
                  text("Version", (o, _) -> info(o, "kubeletVersion")),
                  text("Internal-IP", (o, _) -> address(o, "InternalIP")).wide(),
                  text("External-IP", (o, _) -> address(o, "ExternalIP")).wide(),
                  text("OS-Image", (o, _) -> unknown(info(o, "osImage"))).wide(),
                  text("Kernel-Version", (o, _) -> unknown(info(o, "kernelVersion"))).wide(),
                  text("Container-Runtime", (o, _) -> unknown(info(o, "containerRuntimeVersion")))
                      .wide())),
          Map.entry(
              Kinds.SERVICE,
              List.of(
                  name(),
                  text("Type", (o, _) -> Json.textAt(o, "spec", "type")),
                  text("Cluster-IP", (o, _) -> none(Json.textAt(o, "spec", "clusterIP"))),
                  text("External-IP", (o, _) -> externalIp(o)),
                  text("Port(s)", (o, _) -> servicePorts(o)),
                  age(),
                  text("Selector", (o, _) -> pairs(Json.pairs(o, "spec", "selector"))).wide())),
          Map.entry(
              Kinds.SERVICE_ACCOUNT,
              List.of(
                  name(),
                  text("Secrets", (o, _) -> String.valueOf(Json.items(o, "secrets").size())),
                  age())),
          Map.entry(
              Kinds.DEPLOYMENT,
              List.of(
                  name(),
                  text("Ready", (o, _) -> ready(o)),
                  number("Up-to-date", "status", "updatedReplicas"),
                  number("Available", "status", "availableReplicas"),
                  age(),
                  containers().wide(),
                  images().wide(),
                  ofPods().wide())),
          Map.entry(
              Kinds.REPLICA_SET,
              List.of(
                  name(),
                  number("Desired", "spec", "replicas"),
                  number("Current", "status", "replicas"),
                  number("Ready", "status", "readyReplicas"),
                  age(),
                  containers().wide(),
                  images().wide(),
                  ofPods().wide())),
          Map.entry(
              Kinds.STATEFUL_SET,
              List.of(
                  name(),
                  text("Ready", (o, _) -> ready(o)),
                  age(),
                  containers().wide(),
                  images().wide())),
          Map.entry(
              Kinds.DAEMON_SET,
              List.of(
                  name(),
                  number("Desired", "status", "desiredNumberScheduled"),
                  number("Current", "status", "currentNumberScheduled"),
                  number("Ready", "status", "numberReady"),
                  number("Up-to-date", "status", "updatedNumberScheduled"),
                  number("Available", "status", "numberAvailable"),
                  text(
                      "Node Selector",
                      (o, _) -> pairs(Json.pairs(o, "spec", "template", "spec", "nodeSelector"))),
                  age(),
                  containers().wide(),
                  images().wide(),
                  ofPods().wide())),
          Map.entry(Kinds.EVENT, EventColumns.ALL),
          Map.entry(
              Kinds.ENDPOINT_SLICE,
              List.of(
                  name(),
                  text("AddressType", (o, _) -> Json.textAt(o, "addressType")),
                  text("Ports", (o, _) -> slicePorts(o)),
                  text("Endpoints", (o, _) -> ends(o)),
                  age())),
          Map.entry(
              Kinds.LEASE,
              List.of(
                  name(),
                  text("Holder", (o, _) -> Json.textAt(o, "spec", "holderIdentity")),
                  age())));

  private Columns() {}

  static List<Column> of(ResourceKind kind) {
    return OF.getOrDefault(kind, List.of(name(), age()));
  }

  static String none(String text) {
    return text.isEmpty() ? NONE : text;
  }

  private static String unknown(String text) {
    return text.isEmpty() ? "<unknown>" : text;
  }

  static String selector(JsonNode selector) {
    return none(LabelQuery.of(selector).toString());
  }

  private static String pairs(Map<String, String> pairs) {
    return none(
        pairs.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(",")));
  }

  private static Column containers() {
    return text("Containers", (o, _) -> ofContainers(o, "name"));
  }

  private static Column images() {
    return text("Images", (o, _) -> ofContainers(o, "image"));
  }

  private static Column ofPods() {
    return text("Selector", (o, _) -> selector(Json.at(o, "spec", "selector")));
  }

  private static String ofContainers(JsonNode object, String field) {
    return Json.items(object, "spec", "template", "spec", "containers").stream()
        .map(c -> Json.textAt(c, field))
        .collect(Collectors.joining(","));
  }

  private static String ready(JsonNode object) {
    return Json.numberAt(object, "status", "readyReplicas")
        + "/"
        + Json.numberAt(object, "spec", "replicas");
  }

  private static String nodeStatus(JsonNode node) {
    List<String> out = new ArrayList<>();
    for (JsonNode condition : Json.items(node, "status", "conditions")) {
      if (Json.textAt(condition, "type").equals("Ready")) {
        out.add(Json.textAt(condition, "status").equals("True") ? "Ready" : "NotReady");
      }
    }
    if (out.isEmpty()) {
      out.add("Unknown");
    }
    if (Json.at(node, "spec", "unschedulable").asBoolean(false)) {
      out.add("SchedulingDisabled");
    }
    return String.join(",", out);
  }

  private static String roles(JsonNode node) {
    TreeSet<String> out = new TreeSet<>();
    for (String label : Json.labels(node).keySet()) {
      if (label.startsWith(ROLE) && label.length() > ROLE.length()) {
        out.add(label.substring(ROLE.length()));
      }
    }
    return none(String.join(",", out));
  }

  private static String info(JsonNode node, String field) {
    return Json.textAt(node, "status", "nodeInfo", field);
  }

  private static String address(JsonNode node, String type) {
    return none(
        Json.items(node, "status", "addresses").stream()
            .filter(a -> Json.textAt(a, "type").equals(type))
            .map(a -> Json.textAt(a, "address"))
            .findFirst()
            .orElse(""));
  }

  private static String externalIp(JsonNode service) {
    List<String> out = new ArrayList<>();
    String type = Json.textAt(service, "spec", "type");
    if (type.equals("ExternalName")) {
      return Json.textAt(service, "spec", "externalName");
    }
    for (JsonNode ingress : Json.items(service, "status", "loadBalancer", "ingress")) {
      String ip = Json.textAt(ingress, "ip");
      out.add(ip.isEmpty() ? Json.textAt(ingress, "hostname") : ip);
    }
    Json.items(service, "spec", "externalIPs").forEach(ip -> out.add(Json.textAt(ip)));
    if (out.isEmpty()) {
      return type.equals("LoadBalancer") ? "<pending>" : NONE;
    }
    return String.join(",", out);
  }

  private static String servicePorts(JsonNode service) {
    return none(
        Json.items(service, "spec", "ports").stream()
            .map(p -> {
              long node = Json.numberAt(p, "nodePort");
              return Json.numberAt(p, "port")
                  + (node > 0 ? ":" + node : "")
                  + "/"
                  + Json.textAt(p, "protocol");
            })
            .collect(Collectors.joining(",")));
  }

  private static String slicePorts(JsonNode slice) {
    List<JsonNode> ports = Json.items(slice, "ports");
    if (ports.isEmpty()) {
      return "<unset>";
    }
    return more(ports.stream().map(p -> Json.textAt(p, "port")).toList());
  }

  private static String ends(JsonNode slice) {
    List<String> out = new ArrayList<>();
    for (JsonNode end : Json.items(slice, "endpoints")) {
      Json.items(end, "addresses").forEach(a -> out.add(Json.textAt(a)));
    }
    return out.isEmpty() ? "<unset>" : more(out);
  }

  private static String more(List<String> all) {
    return all.size() <= 3
        ? String.join(",", all)
        : String.join(",", all.subList(0, 3)) + " + " + (all.size() - 3) + " more...";
  }
}
