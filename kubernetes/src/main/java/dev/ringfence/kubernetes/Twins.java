package dev.ringfence.kubernetes;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.core.model.ObjectName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps once what many pods have alike: names of namespaces and nodes, labels, ports, workloads.
///
/// A server spells them out for every pod; kept so, they are half of what a large cluster takes of
/// the memory. Used by one thread.
final class Twins {
  /// Where hardly anything is alike, remembering more would only cost.
  private static final int MOST = 65_536;

  private final Map<Object, Object> known = new HashMap<>();

  /// An equal object.
  LiveObject.Read of(LiveObject.Read read) {
    if (!(read.object().orElse(null) instanceof LiveObject.OfPod(var pod))) {
      return read;
    }
    Pod twin = of(pod);
    return new LiveObject.Read(
        twin.name(),
        read.uid(),
        read.resourceVersion(),
        Optional.of(new LiveObject.OfPod(twin)),
        read.problems());
  }

  private Pod of(Pod pod) {
    return new Pod(
        new ObjectName(one(pod.name().namespace()), pod.name().name()),
        pod.uid(),
        labels(pod.labels()),
        one(pod.node()),
        pod.hostNetwork(),
        pod.addresses(),
        pod.phase(),
        pod.startTime(),
        one(pod.ports()),
        workload(pod.workload()));
  }

  /// Labels that are not known yet have keys that are, as a rule.
  private Map<String, String> labels(Map<String, String> labels) {
    if (known.containsKey(labels)) {
      return one(labels);
    }
    Map<String, String> out = new HashMap<>();
    labels.forEach((key, value) -> out.put(one(key), one(value)));
    return one(Map.copyOf(out));
  }

  /// That of a bare pod is like no other.
  private Workload workload(Workload workload) {
    return workload.kind().equals("Pod")
        ? new Workload(one(workload.namespace()), "Pod", workload.name())
        : one(workload);
  }

  @SuppressWarnings("unchecked") // what is equal to one of these is of its class, too
  private <T> T one(T value) {
    if (known.size() >= MOST) {
      known.clear();
    }
    Object before = known.putIfAbsent(value, value);
    return before == null ? value : (T) before;
  }
}
