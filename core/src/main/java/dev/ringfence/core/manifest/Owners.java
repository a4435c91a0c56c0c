package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.ObjectName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who owns whom among the pods and workloads of the input, by kind, name and, where both say it,
/// uid.
final class Owners {
  /// The label that a Deployment's ReplicaSets and pods carry; it ends the ReplicaSet's name.
  private static final String TEMPLATE_HASH = "pod-template-hash";

  private static final int LONGEST_CHAIN = 10;

  private final Map<String, ReadWorkload> byId = new HashMap<>();
  private final Set<String> withPods = new HashSet<>();

  Owners(List<ReadWorkload> workloads) {
    for (ReadWorkload workload : workloads) {
      byId.put(workload.workload().id(), workload);
    }
  }

  /// The outermost owner that the input shows; a pod's direct owner is shown by the pod itself, and
  /// the Deployment behind it by the names. From then on each workload on the way has pods.
  Workload of(ReadPod pod) {
    ObjectName name = pod.meta().name();
    Optional<Meta.Owner> direct = pod.meta().controller();
    if (direct.isEmpty() || direct.get().kind().equals("Node")) {
      return new Workload(name.namespace(), "Pod", name.name());
    }
    Optional<ReadWorkload> at = owner(pod.meta()).or(() -> deployment(pod, direct.get()));
    Workload outermost = new Workload(name.namespace(), direct.get().kind(), direct.get().name());
    for (int i = 0; i < LONGEST_CHAIN && at.isPresent(); i++) {
      outermost = at.get().workload();
      withPods.add(outermost.id());
      at = owner(at.get().meta());
    }
    return outermost;
  }

  /// Whether it makes pods from its template: none of its pods is in the input, and nobody in the
  /// input owns it and makes them in its place.
  boolean makesPods(ReadWorkload workload) {
    return !withPods.contains(workload.workload().id()) && !isOwned(workload);
  }

  /// Owners in a circle own nothing.
  private boolean isOwned(ReadWorkload workload) {
    Optional<ReadWorkload> at = owner(workload.meta());
    boolean owned = at.isPresent();
    for (int i = 0; i < LONGEST_CHAIN && at.isPresent(); i++) {
      at = owner(at.get().meta());
    }
    return owned && at.isEmpty();
  }

  private Optional<ReadWorkload> owner(Meta meta) {
    Optional<Meta.Owner> owner = meta.controller();
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    String wanted = owner.get().uid();
    return find(meta.name().namespace(), owner.get().kind(), owner.get().name())
        .filter(found ->
            wanted.isEmpty() || found.meta().uid().isEmpty() || found.meta().uid().equals(wanted));
  }

  /// The same of a running cluster, of which nobody lists workloads: a ReplicaSet whose name and
  /// whose pods say that a Deployment made it stands for that Deployment.
  static Workload live(ReadPod pod) {
    return pod.meta()
        .controller()
        .flatMap(owner -> deploymentName(pod, owner))
        .map(name -> new Workload(pod.meta().name().namespace(), "Deployment", name))
        .orElseGet(() -> new Owners(List.of()).of(pod));
  }

  /// The Deployment of a ReplicaSet that is not in the input itself.
  private Optional<ReadWorkload> deployment(ReadPod pod, Meta.Owner owner) {
    String namespace = pod.meta().name().namespace();
    boolean shown = find(namespace, "ReplicaSet", owner.name()).isPresent();
    return shown
        ? Optional.empty()
        : deploymentName(pod, owner).flatMap(name -> find(namespace, "Deployment", name));
  }

  /// By the names alone: `web` for the ReplicaSet `web-6d4f`.
  private static Optional<String> deploymentName(ReadPod pod, Meta.Owner owner) {
    String suffix = "-" + pod.meta().labels().getOrDefault(TEMPLATE_HASH, "");
    boolean named =
        suffix.length() > 1
            && owner.name().endsWith(suffix)
            && owner.name().length() > suffix.length();
    return owner.kind().equals("ReplicaSet") && named
        ? Optional.of(owner.name().substring(0, owner.name().length() - suffix.length()))
        : Optional.empty();
  }

  private Optional<ReadWorkload> find(String namespace, String kind, String name) {
    return Optional.ofNullable(byId.get(new Workload(namespace, kind, name).id()));
  }
}
