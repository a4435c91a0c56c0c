package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Pods made from templates, named as formats.md says: `NAME-1` and on, a StatefulSet's from 0, a
/// DaemonSet's `NAME-NODE`.
final class TemplatePods {
  private static final int MOST = 100_000;

  private final List<Node> nodes;
  private final Set<ObjectName> taken;
  private final Consumer<Problem> problems;
  private final List<Pod> made = new ArrayList<>();
  private boolean full;

  /// @param taken names that Pods of the input have; grows
  TemplatePods(List<Node> nodes, Set<ObjectName> taken, Consumer<Problem> problems) {
    this.nodes = nodes;
    this.taken = taken;
    this.problems = problems;
  }

  /// Names that the cluster itself would give come first; the others are ours and step aside.
  List<Pod> make(List<ReadWorkload> workloads) {
    workloads.stream().filter(TemplatePods::namesArePromised).forEach(this::promised);
    workloads.stream().filter(one -> !namesArePromised(one)).forEach(this::numbered);
    return made;
  }

  private static boolean namesArePromised(ReadWorkload workload) {
    return workload.kind().equals("StatefulSet") || workload.kind().equals("DaemonSet");
  }

  private void promised(ReadWorkload workload) {
    if (workload.kind().equals("StatefulSet")) {
      for (int i = 0; i < workload.replicas() && !full; i++) {
        promised(workload, Integer.toString(i), Optional.empty());
      }
    } else if (nodes.isEmpty()) {
      promised(workload, "1", Optional.empty());
    } else {
      nodes.forEach(node -> promised(workload, node.name(), Optional.of(node.name())));
    }
  }

  private void promised(ReadWorkload workload, String suffix, Optional<String> node) {
    ObjectName name = name(workload, suffix);
    if (taken.contains(name)) {
      problem(
          workload,
          Reason.ALREADY_EXISTS,
          "a pod of its template would be called " + name + ", and there is one already");
    } else {
      pod(workload, name, node);
    }
  }

  private void numbered(ReadWorkload workload) {
    int number = 1;
    for (int i = 0; i < workload.replicas() && !full; i++) {
      while (taken.contains(name(workload, Integer.toString(number)))) {
        number++;
      }
      pod(workload, name(workload, Integer.toString(number)), Optional.empty());
    }
  }

  private static ObjectName name(ReadWorkload workload, String suffix) {
    ObjectName owner = workload.meta().name();
    return new ObjectName(owner.namespace(), owner.name() + "-" + suffix);
  }

  private void pod(ReadWorkload workload, ObjectName name, Optional<String> node) {
    if (made.size() >= MOST) {
      if (!full) {
        problem(workload, Reason.INVALID, "more than " + MOST + " pods would be made of templates");
      }
      full = true;
      return;
    }
    taken.add(name);
    PodFields fields = workload.fields();
    made.add(
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
    String resource = workload.kind().toLowerCase(Locale.ROOT) + "/" + workload.meta().name();
    problems.accept(
        new Problem(
            Severity.ERROR,
            Optional.of(workload.place()),
            Optional.of(resource),
            Optional.empty(),
            reason,
            message,
            false));
  }
}
