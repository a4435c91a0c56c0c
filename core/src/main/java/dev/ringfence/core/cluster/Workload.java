package dev.ringfence.core.cluster;

import java.util.Set;

/// The outermost owner of a pod that the input shows; a bare pod owns itself.
///
/// @param kind as the API spells it: `Deployment`, `Pod`
public record Workload(String namespace, String kind, String name) implements Comparable<Workload> {
  /// Labels that controllers give to single revisions and replicas, beside those of the template.
  public static final Set<String> CONTROLLER_LABELS =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name",
          "batch.kubernetes.io/job-completion-index",
          "controller-uid",
          "job-name");

  /// `namespace/kind/name`, kind in lower case (formats.md).
  public String id() {
    return namespace + "/" + kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
  }

  @Override
  public int compareTo(Workload other) {
    return id().compareTo(other.id());
  }
}
