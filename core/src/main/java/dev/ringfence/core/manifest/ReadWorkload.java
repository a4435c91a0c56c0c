package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Workload;
import java.util.Map;

/// An object with a pod template, as written.
///
/// @param replicas how many pods it asks for; a DaemonSet's is not looked at
/// @param podLabels of the template
record ReadWorkload(
    String kind,
    Meta meta,
    int replicas,
    Map<String, String> podLabels,
    PodFields fields,
    Place place) {
  ReadWorkload {
    podLabels = Map.copyOf(podLabels);
  }

  Workload workload() {
    return new Workload(meta.name().namespace(), kind, meta.name().name());
  }
}
