package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Registry;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a workload says of its pods: for `kubectl get`, `rollout status` and `wait`.
record WorkloadStatus(Registry registry, Workloads workloads, Events events) {
  private static final String US = "ringfence-workloads";

  /// How many pods a workload has.
  private record Count(int wanted, int there, int ready, int updated) {}

  void writeAll() {
    for (ResourceKind kind :
        List.of(Kinds.REPLICA_SET, Kinds.STATEFUL_SET, Kinds.DAEMON_SET, Kinds.DEPLOYMENT)) {
      for (ObjectNode workload : registry.list(kind)) {
        ObjectNode status = status(kind, workload);
        if (!status.equals(workload.get("status"))) {
          events.trying(
              workload,
              () ->
                  registry.updateStatus(
                      kind,
                      Json.namespace(workload),
                      Json.name(workload),
                      US,
                      live -> {
                        live.set("status", status);
                        return live;
                      }));
        }
      }
    }
  }

  private ObjectNode status(ResourceKind kind, ObjectNode workload) {
    Count count = count(kind, workload);
    ObjectNode out = Json.object();
    out.put("observedGeneration", (int) Json.numberAt(workload, "metadata", "generation"));
    if (kind.equals(Kinds.DAEMON_SET)) {
      out.put("currentNumberScheduled", count.there).put("desiredNumberScheduled", count.wanted);
      out.put("numberMisscheduled", 0).put("numberReady", count.ready);
      out.put("numberAvailable", count.ready).put("updatedNumberScheduled", count.updated);
      return out;
    }
    out.put("replicas", count.there);
    out.put("readyReplicas", count.ready).put("availableReplicas", count.ready);
    if (kind.equals(Kinds.REPLICA_SET)) {
      out.put("fullyLabeledReplicas", count.there);
      return out;
    }
    out.put("updatedReplicas", count.updated);
    if (kind.equals(Kinds.STATEFUL_SET)) {
      String revision = Json.name(workload) + "-" + Templates.hash(workload);
      out.put("currentReplicas", count.updated);
      out.put("currentRevision", revision).put("updateRevision", revision);
      return out;
    }
    conditions(workload, out, count);
    return out;
  }

  private Count count(ResourceKind kind, ObjectNode workload) {
    List<ObjectNode> pods = workloads.pods(workload);
    long updated = pods.stream().filter(pod -> !Workloads.isStale(workload, pod)).count();
    if (kind.equals(Kinds.DEPLOYMENT)) {
      List<ObjectNode> sets = workloads.deployments().sets(workload);
      pods = sets.stream().flatMap(set -> workloads.pods(set).stream()).toList();
      updated = Deployments.current(workload, sets).map(workloads::pods).map(List::size).orElse(0);
    }
    int wanted =
        kind.equals(Kinds.DAEMON_SET)
            ? registry.list(Kinds.NODE).size()
            : (int) Json.numberAt(workload, "spec", "replicas");
    int ready = (int) pods.stream().filter(PodStatus::isReady).count();
    return new Count(wanted, pods.size(), ready, (int) updated);
  }

  private static void conditions(ObjectNode workload, ObjectNode status, Count count) {
    if (count.ready < count.wanted) {
      status.put("unavailableReplicas", count.wanted - count.ready);
    }
    boolean available = count.ready >= count.wanted;
    boolean done = available && count.updated >= count.wanted && count.there == count.wanted;
    condition(
        workload,
        status,
        "Available",
        available,
        available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        available
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.");
    condition(
        workload,
        status,
        "Progressing",
        true,
        done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
        done ? "Every pod is there." : "Pods are being made.");
  }

  /// One that is as it was keeps its time.
  private static void condition(
      ObjectNode workload,
      ObjectNode status,
      String type,
      boolean holds,
      String reason,
      String message) {
    String value = holds ? "True" : "False";
    Optional<String> since =
        Json.items(workload, "status", "conditions").stream()
            .filter(one ->
                Json.textAt(one, "type").equals(type)
                    && Json.textAt(one, "status").equals(value)
                    && Json.textAt(one, "reason").equals(reason))
            .map(one -> Json.textAt(one, "lastTransitionTime"))
            .findFirst();
    String time = since.orElseGet(Events::now);
    (status.get("conditions") instanceof tools.jackson.databind.node.ArrayNode there
            ? there
            : status.putArray("conditions"))
        .addObject()
        .put("type", type)
        .put("status", value)
        .put("lastUpdateTime", time)
        .put("lastTransitionTime", time)
        .put("reason", reason)
        .put("message", message);
  }
}
