package dev.ringfence.core.cluster;

/// The outermost owner of a pod that the input shows; a bare pod owns itself.
///
/// @param kind as the API spells it: `Deployment`, `Pod`
public record Workload(String namespace, String kind, String name) implements Comparable<Workload> {
  /// `namespace/kind/name`, kind in lower case (formats.md).
  public String id() {
    return namespace + "/" + kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
  }

  @Override
  public int compareTo(Workload other) {
    return id().compareTo(other.id());
  }
}
