package dev.ringfence.cli;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.Reason;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a server would hold that refused the objects with errors.
final class WithoutInvalid {
  private final Set<String> refused;

  private WithoutInvalid(Set<String> refused) {
    this.refused = refused;
  }

  /// The same input without every object that an error is about; of two with one name the first
  /// stays.
  static Loaded of(Loaded loaded) {
    Set<String> refused =
        loaded.problems().stream()
            .filter(problem -> problem.isError() && problem.reason() != Reason.ALREADY_EXISTS)
            .map(Problem::resource)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    return new WithoutInvalid(refused).kept(loaded);
  }

  private Loaded kept(Loaded loaded) {
    return new Loaded(
        snapshot(loaded.snapshot()),
        new Policies(policies(loaded.policies().network()), loaded.policies().cluster()),
        loaded.outside(),
        loaded.lab(),
        loaded.places(),
        loaded.problems(),
        loaded.read(),
        loaded.skipped());
  }

  private List<NetworkPolicy> policies(List<NetworkPolicy> all) {
    List<NetworkPolicy> out = new ArrayList<>();
    Set<ObjectName> seen = new HashSet<>();
    for (NetworkPolicy policy : all) {
      if (!refused.contains(policy.id()) && seen.add(policy.name())) {
        out.add(policy);
      }
    }
    return out;
  }

  private Snapshot snapshot(Snapshot all) {
    return new Snapshot(
        kept(all.namespaces().values(), namespace -> "namespace/" + namespace.name()),
        kept(all.nodes().values(), node -> "node/" + node.name()),
        kept(kept(all.pods().values(), pod -> "pod/" + pod.name()), WithoutInvalid::ownerId),
        kept(all.services().values(), service -> "service/" + service.name()));
  }

  private static String ownerId(Pod pod) {
    var owner = pod.workload();
    return owner.kind().toLowerCase(Locale.ROOT)
        + "/"
        + new ObjectName(owner.namespace(), owner.name());
  }

  private <T> List<T> kept(Collection<T> all, Function<T, String> id) {
    return all.stream().filter(one -> !refused.contains(id.apply(one))).toList();
  }
}
