package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import dev.ringfence.lab.scenario.NaturalOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the pods that workloads want and deletes those that are too many, named as formats.md
/// says: `NAME-1` and on, a StatefulSet's from 0, a DaemonSet's `NAME-NODE`.
final class Workloads {
  /// The template that a pod was made from, in its annotations.
  static final String TEMPLATE = "ringfence.dev/template";

  static final List<ResourceKind> KINDS =
      List.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET, Kinds.STATEFUL_SET, Kinds.DAEMON_SET);

  private static final int MOST = 5_000;
  private static final WriteOptions OURS = WriteOptions.by("ringfence-workloads");

  private final Registry registry;
  private final Events events;

  Workloads(Registry registry, Events events) {
    this.registry = registry;
    this.events = events;
  }

  /// One step towards what is wanted; answers whether anything was done.
  boolean step() {
    boolean changed = false;
    for (ResourceKind kind : KINDS) {
      for (ObjectNode workload : registry.list(kind)) {
        changed |= events.trying(workload, () -> step(kind, workload)).orElse(false);
      }
    }
    return changed;
  }

  private boolean step(ResourceKind kind, ObjectNode workload) {
    List<ObjectNode> sets = owned(Kinds.REPLICA_SET, workload);
    if (kind.equals(Kinds.DEPLOYMENT) && !sets.isEmpty()) {
      return handOn(workload, sets);
    }
    boolean changed = release(workload);
    List<ObjectNode> pods = owned(Kinds.POD, workload);
    List<String> wanted = wanted(kind, workload, pods);
    Set<String> names = new HashSet<>(wanted);
    boolean renewed = false;
    for (ObjectNode pod : pods) {
      boolean stale = names.contains(Json.name(pod)) && isStale(workload, pod);
      if (!names.contains(Json.name(pod)) || (stale && !renewed)) {
        renewed |= stale; // one after the other
        registry.delete(Kinds.POD, Json.namespace(pod), Json.name(pod), DeleteOptions.PLAIN);
        changed = true;
      }
    }
    if (renewed) {
      return true;
    }
    pods.forEach(pod -> names.remove(Json.name(pod)));
    for (String name : wanted) {
      if (names.contains(name)) {
        registry.create(Kinds.POD, Json.namespace(workload), pod(kind, workload, name), OURS);
        changed = true;
      }
    }
    return changed;
  }

  /// A Deployment that came with ReplicaSets leaves the pods to the largest of them.
  private boolean handOn(ObjectNode deployment, List<ObjectNode> sets) {
    ObjectNode set =
        sets.stream()
            .max(Comparator.comparingLong(one -> Json.numberAt(one, "spec", "replicas")))
            .orElseThrow();
    long wanted = Json.numberAt(deployment, "spec", "replicas");
    if (Json.numberAt(set, "spec", "replicas") == wanted) {
      return false;
    }
    registry.update(
        Kinds.REPLICA_SET,
        Json.namespace(set),
        Json.name(set),
        "",
        OURS,
        live -> {
          Json.objectIn(live, "spec").put("replicas", wanted);
          return live;
        });
    return true;
  }

  /// Those that this object controls.
  List<ObjectNode> owned(ResourceKind kind, ObjectNode owner) {
    String uid = Json.textAt(owner, "metadata", "uid");
    return registry.list(kind).stream()
        .filter(one ->
            Json.items(one, "metadata", "ownerReferences").stream()
                .anyMatch(o ->
                    Json.textAt(o, "uid").equals(uid) && o.path("controller").asBoolean(false)))
        .toList();
  }

  /// A pod that was relabelled away from its workload is nobody's.
  private boolean release(ObjectNode workload) {
    LabelQuery selector = LabelQuery.of(Json.at(workload, "spec", "selector"));
    boolean changed = false;
    for (ObjectNode pod : owned(Kinds.POD, workload)) {
      if (!selector.matches(Json.labels(pod))) {
        registry.update(
            Kinds.POD,
            Json.namespace(pod),
            Json.name(pod),
            "",
            OURS,
            live -> {
              Json.objectIn(live, "metadata").remove("ownerReferences");
              return live;
            });
        changed = true;
      }
    }
    return changed;
  }

  private List<String> wanted(ResourceKind kind, ObjectNode workload, List<ObjectNode> pods) {
    String prefix = Json.name(workload) + "-";
    List<String> out = new ArrayList<>();
    if (kind.equals(Kinds.DAEMON_SET)) {
      registry.list(Kinds.NODE).forEach(node -> out.add(prefix + Json.name(node)));
      return out;
    }
    long replicas = Math.min(MOST, Json.numberAt(workload, "spec", "replicas"));
    if (kind.equals(Kinds.STATEFUL_SET)) {
      for (int i = 0; i < replicas; i++) {
        out.add(prefix + i);
      }
      return out;
    }
    pods.stream().map(Json::name).sorted(NaturalOrder.BY_NUMBER).limit(replicas).forEach(out::add);
    for (int i = 1; out.size() < replicas; i++) {
      String name = prefix + i;
      if (registry.find(Kinds.POD, Json.namespace(workload), name).isEmpty()) {
        out.add(name);
      }
    }
    return out;
  }

  static boolean isStale(ObjectNode workload, ObjectNode pod) {
    String made = Json.textAt(pod, "metadata", "annotations", TEMPLATE);
    return !made.isEmpty() && !made.equals(template(workload));
  }

  static String template(ObjectNode workload) {
    return Integer.toHexString(Json.at(workload, "spec", "template").toString().hashCode());
  }

  private static ObjectNode pod(ResourceKind kind, ObjectNode workload, String name) {
    ObjectNode out = Json.object();
    JsonNode template = Json.at(workload, "spec", "template");
    ObjectNode meta = out.putObject("metadata").put("name", name);
    meta.set("labels", Json.at(template, "metadata", "labels").deepCopy());
    ObjectNode annotations = meta.putObject("annotations");
    Json.pairs(template, "metadata", "annotations").forEach(annotations::put);
    annotations.put(TEMPLATE, template(workload));
    ArrayNode owners = meta.putArray("ownerReferences");
    owners
        .addObject()
        .put("apiVersion", kind.apiVersion())
        .put("kind", kind.kind())
        .put("name", Json.name(workload))
        .put("uid", Json.textAt(workload, "metadata", "uid"))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    out.set("spec", template.path("spec").deepCopy());
    if (kind.equals(Kinds.DAEMON_SET)) {
      Json.objectIn(out, "spec").put("nodeName", name.substring(Json.name(workload).length() + 1));
    }
    return out;
  }
}
