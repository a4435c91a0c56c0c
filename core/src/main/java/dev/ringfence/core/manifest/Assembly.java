package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From everything read to one snapshot: owners resolved, pods made from templates, namespaces that
/// nobody defines assumed (S28).
final class Assembly {
  private static final int LONGEST_CHAIN = 10;
  private static final int MOST_TEMPLATE_PODS = 100_000;

  private final Input input;
  private final List<SourceText> files;
  private final Map<String, ReadWorkload> byId = new HashMap<>();
  private final Set<String> withPods = new HashSet<>();
  private final List<Pod> pods = new ArrayList<>();

  Assembly(Input input, List<SourceText> files) {
    this.input = input;
    this.files = files;
    for (ReadWorkload workload : input.workloads) {
      byId.put(workload.workload().id(), workload);
    }
  }

  Snapshot snapshot() {
    input.pods.values().forEach(pod -> pods.add(pod.ownedBy(workload(pod))));
    for (ReadWorkload workload : input.workloads) {
      boolean owned = owner(workload.meta()).isPresent();
      if (!owned && !withPods.contains(workload.workload().id())) {
        fromTemplate(workload);
      }
    }
    return new Snapshot(namespaces(), input.nodes, pods, input.services);
  }

  /// The outermost owner that the input shows; a pod's direct owner is shown by the pod itself.
  private Workload workload(ReadPod pod) {
    ObjectName name = pod.meta().name();
    Optional<Meta.Owner> direct = pod.meta().controller();
    if (direct.isEmpty() || direct.get().kind().equals("Node")) {
      return new Workload(name.namespace(), "Pod", name.name());
    }
    Optional<ReadWorkload> known = owner(pod.meta());
    if (known.isEmpty()) {
      return new Workload(name.namespace(), direct.get().kind(), direct.get().name());
    }
    ReadWorkload at = known.get();
    withPods.add(at.workload().id());
    for (int i = 0; i < LONGEST_CHAIN; i++) {
      Optional<ReadWorkload> next = owner(at.meta());
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
      withPods.add(at.workload().id());
    }
    return at.workload();
  }

  private Optional<ReadWorkload> owner(Meta meta) {
    Optional<Meta.Owner> owner = meta.controller();
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    String namespace = meta.name().namespace();
    String id = new Workload(namespace, owner.get().kind(), owner.get().name()).id();
    @Nullable ReadWorkload found = byId.get(id);
    if (found == null || found.meta().equals(meta)) {
      return Optional.empty();
    }
    String uid = found.meta().uid();
    boolean other =
        !uid.isEmpty() && !owner.get().uid().isEmpty() && !uid.equals(owner.get().uid());
    return other ? Optional.empty() : Optional.of(found);
  }

  private void fromTemplate(ReadWorkload workload) {
    if (workload.kind().equals("DaemonSet") && !input.nodes.isEmpty()) {
      for (Node node : input.nodes) {
        templatePod(workload, node.name(), Optional.of(node.name()));
      }
      return;
    }
    int first = workload.kind().equals("StatefulSet") ? 0 : 1;
    int count = workload.kind().equals("DaemonSet") ? 1 : workload.replicas();
    for (int i = 0; i < count; i++) {
      if (pods.size() - input.pods.size() >= MOST_TEMPLATE_PODS) {
        problem(workload, Reason.INVALID, "more than 100000 pods would be made from templates");
        return;
      }
      templatePod(workload, Integer.toString(first + i), Optional.empty());
    }
  }

  private void templatePod(ReadWorkload workload, String suffix, Optional<String> node) {
    ObjectName owner = workload.meta().name();
    ObjectName name = new ObjectName(owner.namespace(), owner.name() + "-" + suffix);
    if (input.pods.containsKey(name)) {
      problem(
          workload,
          Reason.ALREADY_EXISTS,
          "a pod of its template would be called " + name + ", and there is such a Pod");
      return;
    }
    PodFields fields = workload.fields();
    pods.add(
        new Pod(
            name,
            "",
            workload.podLabels(),
            fields.node().or(() -> node),
            fields.hostNetwork(),
            new PodAddresses.Unknown(),
            Phase.RUNNING,
            Optional.empty(),
            fields.ports(),
            workload.workload()));
  }

  private void problem(ReadWorkload workload, Reason reason, String message) {
    input.reportLate(
        new Problem(
            Severity.ERROR,
            Optional.of(workload.place()),
            Optional.of(
                workload.kind().toLowerCase(java.util.Locale.ROOT) + "/" + workload.meta().name()),
            Optional.empty(),
            reason,
            message,
            false),
        files);
  }

  private List<Namespace> namespaces() {
    List<Namespace> out = new ArrayList<>(input.namespaces);
    Set<String> known = new HashSet<>();
    out.forEach(one -> known.add(one.name()));
    input.namespaceUses.forEach((name, place) -> {
      if (known.add(name)) {
        out.add(Namespace.assumed(name));
        input.reportLate(assumed(name, place), files);
      }
    });
    return out;
  }

  private static Problem assumed(String name, Place place) {
    return new Problem(
        Severity.WARNING,
        Optional.of(place),
        Optional.of("namespace/" + name),
        Optional.empty(),
        Reason.NOT_FOUND,
        "not defined here, so its only label is taken to be " + Namespace.NAME_LABEL + "=" + name,
        false);
  }
}
