package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// From everything read to one snapshot: owners resolved, pods made from templates, namespaces that
/// nobody defines assumed (S28).
final class Assembly {
  private final Input input;
  private final List<SourceText> files;

  Assembly(Input input, List<SourceText> files) {
    this.input = input;
    this.files = files;
  }

  Snapshot snapshot() {
    Owners owners = new Owners(input.workloads);
    List<Pod> pods = new ArrayList<>();
    input.pods.values().forEach(pod -> pods.add(pod.ownedBy(owners.of(pod))));
    List<ReadWorkload> templates = input.workloads.stream().filter(owners::makesPods).toList();
    TemplatePods made =
        new TemplatePods(
            input.nodes,
            new HashSet<>(input.pods.keySet()),
            problem -> input.reportLate(problem, files));
    pods.addAll(made.make(templates));
    return new Snapshot(namespaces(), input.nodes, pods, input.services, input.slices);
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
