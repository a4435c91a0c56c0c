package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server fills in where nothing is said.
public final class Defaults {
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private Defaults() {}

  /// Fills in the object, which is changed.
  public static void fill(ResourceKind kind, ObjectNode object) {
    switch (kind.kind()) {
      case "NetworkPolicy" -> policy(Json.objectIn(object, "spec"));
      case "Namespace" -> namespace(object);
      case "Pod" -> {
        podSpec(Json.objectIn(object, "spec"), true);
        ObjectNode status = Json.objectIn(object, "status");
        absent(status, "phase", "Pending");
        absent(status, "qosClass", "BestEffort");
      }
      case "Node" -> {
        Json.objectIn(object, "spec");
        Json.objectIn(object, "status");
      }
      case "Service" -> service(object);
      case "Deployment" -> deployment(object);
      case "ReplicaSet", "StatefulSet", "DaemonSet" -> workload(kind, object);
      case "EndpointSlice" -> slice(object);
      default -> {}
    }
  }

  private static void absent(ObjectNode node, String field, String value) {
    if (!node.has(field)) {
      node.put(field, value);
    }
  }

  /// An int, as a reader of the JSON has it: one that was read and one that was filled in are
  /// equal.
  private static void absent(ObjectNode node, String field, int value) {
    if (!node.has(field)) {
      node.put(field, value);
    }
  }

  private static void absent(ObjectNode node, String field, boolean value) {
    if (!node.has(field)) {
      node.put(field, value);
    }
  }

  /// S56; an absent type of the policy is Ingress, and Egress if there are egress rules.
  private static void policy(ObjectNode spec) {
    Json.objectIn(spec, "podSelector");
    for (String direction : List.of("ingress", "egress")) {
      for (JsonNode rule : Json.items(spec, direction)) {
        Json.items(rule, "ports").forEach(port -> absent((ObjectNode) port, "protocol", "TCP"));
      }
    }
    if (!spec.has("policyTypes")) {
      ArrayNode types = spec.putArray("policyTypes").add("Ingress");
      if (!Json.items(spec, "egress").isEmpty()) {
        types.add("Egress");
      }
    }
  }

  /// The label of its name cannot be changed (S182).
  private static void namespace(ObjectNode object) {
    ObjectNode labels = Json.objectIn(Json.objectIn(object, "metadata"), "labels");
    labels.put(NAME_LABEL, Json.name(object));
    ObjectNode spec = Json.objectIn(object, "spec");
    if (!spec.has("finalizers")) {
      spec.putArray("finalizers").add("kubernetes");
    }
    absent(Json.objectIn(object, "status"), "phase", "Active");
  }

  private static void podSpec(ObjectNode spec, boolean stored) {
    for (String list : List.of("initContainers", "containers")) {
      Json.items(spec, list).forEach(one -> container((ObjectNode) one));
    }
    absent(spec, "restartPolicy", "Always");
    absent(spec, "terminationGracePeriodSeconds", 30);
    absent(spec, "dnsPolicy", "ClusterFirst");
    if (spec.has("serviceAccountName")) {
      absent(spec, "serviceAccount", Json.textAt(spec, "serviceAccountName"));
    } else if (stored) {
      spec.put("serviceAccountName", "default").put("serviceAccount", "default");
    }
    Json.objectIn(spec, "securityContext");
    absent(spec, "schedulerName", "default-scheduler");
    if (stored) {
      absent(spec, "enableServiceLinks", true);
    }
  }

  private static void container(ObjectNode container) {
    Json.items(container, "ports").forEach(port -> absent((ObjectNode) port, "protocol", "TCP"));
    Json.objectIn(container, "resources");
    absent(container, "terminationMessagePath", "/dev/termination-log");
    absent(container, "terminationMessagePolicy", "File");
    absent(container, "imagePullPolicy", pullPolicy(Json.textAt(container, "image")));
  }

  private static String pullPolicy(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
    return latest ? "Always" : "IfNotPresent";
  }

  private static void template(ObjectNode spec) {
    ObjectNode template = Json.objectIn(spec, "template");
    Json.objectIn(template, "metadata");
    podSpec(Json.objectIn(template, "spec"), false);
  }

  private static void deployment(ObjectNode object) {
    ObjectNode spec = Json.objectIn(object, "spec");
    template(spec);
    absent(spec, "replicas", 1);
    absent(spec, "revisionHistoryLimit", 10);
    absent(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = Json.objectIn(spec, "strategy");
    absent(strategy, "type", "RollingUpdate");
    if (Json.textAt(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Json.objectIn(strategy, "rollingUpdate");
      absent(rolling, "maxUnavailable", "25%");
      absent(rolling, "maxSurge", "25%");
    }
    Json.objectIn(object, "status");
  }

  private static void workload(ResourceKind kind, ObjectNode object) {
    ObjectNode spec = Json.objectIn(object, "spec");
    template(spec);
    if (!kind.equals(Kinds.DAEMON_SET)) {
      absent(spec, "replicas", 1);
    }
    if (!kind.equals(Kinds.REPLICA_SET)) {
      absent(spec, "revisionHistoryLimit", 10);
      absent(Json.objectIn(spec, "updateStrategy"), "type", "RollingUpdate");
    }
    if (kind.equals(Kinds.STATEFUL_SET)) {
      absent(spec, "podManagementPolicy", "OrderedReady");
    }
    status(kind, Json.objectIn(object, "status"));
  }

  private static void status(ResourceKind kind, ObjectNode status) {
    Map<ResourceKind, List<String>> counts =
        Map.of(
            Kinds.DAEMON_SET,
            List.of(
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady"));
    counts.getOrDefault(kind, List.of("replicas")).forEach(field -> absent(status, field, 0));
  }

  private static void service(ObjectNode object) {
    ObjectNode spec = Json.objectIn(object, "spec");
    absent(spec, "type", "ClusterIP");
    absent(spec, "sessionAffinity", "None");
    for (JsonNode one : Json.items(spec, "ports")) {
      ObjectNode port = (ObjectNode) one;
      absent(port, "protocol", "TCP");
      JsonNode target = port.get("targetPort");
      if (target == null || target.asString("").isEmpty()) {
        port.set("targetPort", port.path("port"));
      }
    }
    String type = Json.textAt(spec, "type");
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      absent(spec, "externalTrafficPolicy", "Cluster");
    }
    if (!type.equals("ExternalName")) {
      absent(spec, "internalTrafficPolicy", "Cluster");
    }
    Json.objectIn(Json.objectIn(object, "status"), "loadBalancer");
  }

  private static void slice(ObjectNode object) {
    Json.items(object, "ports")
        .forEach(port -> {
          absent((ObjectNode) port, "name", "");
          absent((ObjectNode) port, "protocol", "TCP");
        });
  }
}
