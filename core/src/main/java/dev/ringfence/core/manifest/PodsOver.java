package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.ObjectName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Pods of files laid over those of a cluster.
///
/// Where a workload of the files has pods in the cluster, these stand for it, with their addresses;
/// unless its template would now make others, which then come in their place.
record PodsOver(Map<ObjectName, Pod> above, Map<ObjectName, Pod> below) {
  Collection<Pod> all() {
    Map<String, List<Pod>> there = byWorkload(below, PodsOver::isOwned);
    Set<String> stay = new HashSet<>();
    Set<String> replaced = new HashSet<>();
    byWorkload(above, PodsOver::isMade)
        .forEach((workload, made) -> {
          List<Pod> now = there.getOrDefault(workload, List.of());
          if (!now.isEmpty()) {
            (now.stream().anyMatch(pod -> isLike(pod, made.getFirst())) ? stay : replaced)
                .add(workload);
          }
        });
    Map<ObjectName, Pod> out = new HashMap<>(below);
    out.values().removeIf(pod -> replaced.contains(pod.workload().id()));
    above.values().stream()
        .filter(pod -> !(isMade(pod) && stay.contains(pod.workload().id())))
        .forEach(pod -> out.put(pod.name(), pod));
    return out.values();
  }

  private static Map<String, List<Pod>> byWorkload(
      Map<ObjectName, Pod> pods, Predicate<Pod> which) {
    return pods.values().stream()
        .filter(which)
        .collect(Collectors.groupingBy(pod -> pod.workload().id()));
  }

  private static boolean isOwned(Pod pod) {
    return !pod.workload().kind().equals("Pod") && !pod.phase().finished();
  }

  /// From a template.
  private static boolean isMade(Pod pod) {
    return isOwned(pod) && pod.addresses() instanceof PodAddresses.Unknown;
  }

  private static boolean isLike(Pod there, Pod made) {
    return labels(there).equals(labels(made))
        && there.hostNetwork() == made.hostNetwork()
        && Set.copyOf(there.ports()).equals(Set.copyOf(made.ports()));
  }

  private static Map<String, String> labels(Pod pod) {
    Map<String, String> out = new HashMap<>(pod.labels());
    out.keySet().removeAll(Workload.CONTROLLER_LABELS);
    return out;
  }
}
