package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import dev.ringfence.lab.scenario.NaturalOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the pods that workloads want and deletes those that are too many, named as formats.md
/// says: `NAME-1` and on, a StatefulSet's from 0, a DaemonSet's `NAME-NODE`.
final class Workloads {
  /// The template that a StatefulSet's or a DaemonSet's pod was made from, in its annotations.
  private static final String TEMPLATE = "ringfence.dev/template";

  private static final List<ResourceKind> OF_PODS =
      List.of(Kinds.REPLICA_SET, Kinds.STATEFUL_SET, Kinds.DAEMON_SET);
  private static final int MOST = 5_000;
  private static final WriteOptions OURS = WriteOptions.by("ringfence-workloads");

  private final Registry registry;
  private final Events events;
  private final Owned owned;
  private final Deployments deployments;

  Workloads(Registry registry, Events events) {
    this.registry = registry;
    this.events = events;
    this.owned = new Owned(registry, OURS);
    this.deployments = new Deployments(registry, owned, OURS);
  }

  Deployments deployments() {
    return deployments;
  }

  /// One step towards what is wanted: what is too much goes before anything is made, so that a name
  /// is free before it is given again.
  ///
  /// @return whether anything was done
  boolean step() {
    boolean changed = each(Kinds.DEPLOYMENT, deployments::step);
    boolean less = false;
    for (ResourceKind kind : OF_PODS) {
      less |= each(kind, workload -> less(kind, workload));
    }
    if (less) {
      return true;
    }
    for (ResourceKind kind : OF_PODS) {
      changed |= each(kind, workload -> more(kind, workload));
    }
    return changed;
  }

  private boolean each(ResourceKind kind, Predicate<ObjectNode> step) {
    boolean changed = false;
    for (ObjectNode workload : registry.list(kind)) {
      if (!Metadata.isGoing(workload)) {
        changed |= events.trying(workload, () -> step.test(workload)).orElse(false);
      }
    }
    return changed;
  }

  /// Deletes the pods that are too many, and of those with an old template one.
  private boolean less(ResourceKind kind, ObjectNode workload) {
    owned.settle(workload, Kinds.POD, kind.equals(Kinds.REPLICA_SET));
    List<ObjectNode> pods = pods(workload);
    Set<String> wanted = Set.copyOf(wanted(kind, workload, pods));
    List<ObjectNode> gone =
        new ArrayList<>(pods.stream().filter(pod -> !wanted.contains(Json.name(pod))).toList());
    pods.stream()
        .filter(pod -> wanted.contains(Json.name(pod)) && isStale(workload, pod))
        .findFirst()
        .ifPresent(gone::add);
    for (ObjectNode pod : gone) {
      registry.delete(Kinds.POD, Json.namespace(pod), Json.name(pod), DeleteOptions.PLAIN);
    }
    return !gone.isEmpty();
  }

  private boolean more(ResourceKind kind, ObjectNode workload) {
    boolean changed = false;
    for (String name : wanted(kind, workload, pods(workload))) {
      if (registry.find(Kinds.POD, Json.namespace(workload), name).isEmpty()) {
        registry.create(Kinds.POD, Json.namespace(workload), pod(kind, workload, name), OURS);
        changed = true;
      }
    }
    return changed;
  }

  /// Those that this workload controls itself.
  List<ObjectNode> pods(ObjectNode workload) {
    return owned.by(workload, Kinds.POD);
  }

  private List<String> wanted(ResourceKind kind, ObjectNode workload, List<ObjectNode> pods) {
    String prefix = named(workload) + "-";
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

  /// After whom its pods are called: a Deployment's ReplicaSets come and go.
  private static String named(ObjectNode workload) {
    return Metadata.controller(workload)
        .filter(owner -> Json.textAt(owner, "kind").equals("Deployment"))
        .map(owner -> Json.textAt(owner, "name"))
        .orElse(Json.name(workload));
  }

  /// Whether it was made from another template than the workload has now.
  static boolean isStale(ObjectNode workload, ObjectNode pod) {
    String made = Json.textAt(pod, "metadata", "annotations", TEMPLATE);
    return !made.isEmpty() && !made.equals(Templates.hash(workload));
  }

  private static ObjectNode pod(ResourceKind kind, ObjectNode workload, String name) {
    ObjectNode out = Json.object();
    JsonNode template = Json.at(workload, "spec", "template");
    ObjectNode meta = out.putObject("metadata").put("name", name);
    meta.set("labels", Json.at(template, "metadata", "labels").deepCopy());
    ObjectNode annotations = meta.putObject("annotations");
    Json.pairs(template, "metadata", "annotations").forEach(annotations::put);
    Metadata.own(out, workload);
    out.set("spec", template.path("spec").deepCopy());
    if (!kind.equals(Kinds.REPLICA_SET)) {
      annotations.put(TEMPLATE, Templates.hash(workload));
    }
    if (kind.equals(Kinds.DAEMON_SET)) {
      Json.objectIn(out, "spec").put("nodeName", name.substring(Json.name(workload).length() + 1));
    }
    if (kind.equals(Kinds.STATEFUL_SET)) {
      Json.objectIn(meta, "labels")
          .put("statefulset.kubernetes.io/pod-name", name)
          .put("apps.kubernetes.io/pod-index", name.substring(name.lastIndexOf('-') + 1));
    }
    return out;
  }
}
