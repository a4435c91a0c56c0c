package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// One input laid over another; see [Loaded#over].
final class Overlay {
  private final Loaded above;
  private final Loaded below;

  Overlay(Loaded above, Loaded below) {
    this.above = above;
    this.below = below;
  }

  Loaded loaded() {
    SortedMap<String, Integer> read = new TreeMap<>(below.read());
    above.read().forEach((kind, count) -> read.merge(kind, count, Integer::sum));
    return new Loaded(
        snapshot(),
        policies(),
        above.outside(),
        above.lab(),
        above.places(),
        problems(),
        read,
        above.skipped());
  }

  private Snapshot snapshot() {
    Snapshot over = above.snapshot();
    Snapshot under = below.snapshot();
    Map<String, Namespace> namespaces = new HashMap<>(over.namespaces());
    above.problems().stream()
        .filter(this::isDefinedBelow)
        .forEach(problem -> namespaces.remove(namespace(problem)));
    return new Snapshot(
        replaced(under.namespaces(), namespaces),
        replaced(under.nodes(), over.nodes()),
        new PodsOver(over.pods(), under.pods()).all(),
        replaced(under.services(), over.services()),
        replaced(under.slices(), over.slices()));
  }

  private Policies policies() {
    Map<ObjectName, NetworkPolicy> network = byName(below.policies().network());
    network.putAll(byName(above.policies().network()));
    return new Policies(List.copyOf(network.values()), above.policies().cluster());
  }

  private List<Problem> problems() {
    List<Problem> out = new ArrayList<>(below.problems());
    above.problems().stream().filter(Predicate.not(this::isDefinedBelow)).forEach(out::add);
    return out;
  }

  /// Whether it says that a namespace is assumed which is defined below.
  private boolean isDefinedBelow(Problem problem) {
    return !problem.isError()
        && problem.reason() == Reason.NOT_FOUND
        && problem.resource().filter(text -> text.startsWith("namespace/")).isPresent()
        && below.snapshot().namespaces().containsKey(namespace(problem));
  }

  private static String namespace(Problem problem) {
    return problem.resource().orElse("").replaceFirst("^namespace/", "");
  }

  private static <K, T> Collection<T> replaced(Map<K, T> below, Map<K, T> over) {
    Map<K, T> out = new HashMap<>(below);
    out.putAll(over);
    return out.values();
  }

  private static Map<ObjectName, NetworkPolicy> byName(List<NetworkPolicy> policies) {
    Map<ObjectName, NetworkPolicy> out = new HashMap<>();
    policies.forEach(policy -> out.put(policy.name(), policy));
    return out;
  }
}
