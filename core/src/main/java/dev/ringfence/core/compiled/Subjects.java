package dev.ringfence.core.compiled;

import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The policies in force, and which of them apply to a kind of pods.
///
/// A policy is only stored; its rules are read when a kind is asked that it applies to.
final class Subjects {
  private final Map<String, SortedMap<String, StoredPolicy>> network = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final SortedMap<String, ClusterPolicy> cluster = new TreeMap<>();
  private List<ClusterPolicy> clusterInOrder = List.of();
  private int clusterVersion;

  void set(NetworkPolicy policy) {
    String namespace = policy.name().namespace();
    network
        .computeIfAbsent(namespace, n -> new TreeMap<>())
        .put(policy.name().name(), new StoredPolicy(policy));
    versions.merge(namespace, 1, Integer::sum);
  }

  void remove(ObjectName name) {
    SortedMap<String, StoredPolicy> of = network.get(name.namespace());
    if (of != null && of.remove(name.name()) != null) {
      versions.merge(name.namespace(), 1, Integer::sum);
    }
  }

  void set(ClusterPolicy policy) {
    cluster.put(policy.id(), policy);
    reorder();
  }

  void removeCluster(String id) {
    if (cluster.remove(id) != null) {
      reorder();
    }
  }

  private void reorder() {
    clusterInOrder = new Policies(List.of(), List.copyOf(cluster.values())).cluster();
    clusterVersion++;
  }

  Applied to(Kind kind, Direction direction, Kinds kinds) {
    Applied known = kind.applied(direction);
    int version = versions.getOrDefault(kind.key.namespace(), 0);
    if (known != null && known.version == version && known.clusterVersion == clusterVersion) {
      return known;
    }
    Applied now = read(kind, direction, kinds, version);
    kind.remember(direction, now);
    return now;
  }

  private Applied read(Kind kind, Direction direction, Kinds kinds, int version) {
    List<String> policies = new ArrayList<>();
    List<Term> admin = clusterTerms(Tier.ADMIN, kind, direction, kinds, policies);
    List<Term> allow = new ArrayList<>();
    boolean isolated = false;
    for (StoredPolicy stored :
        network.getOrDefault(kind.key.namespace(), new TreeMap<>()).values()) {
      NetworkPolicy policy = stored.policy;
      if (policy.isolates(direction) && policy.subject().matches(kinds.podLabels(kind))) {
        isolated = true;
        policies.add(policy.id());
        for (Term term : stored.terms(direction)) {
          allow.add(resolved(term, direction, kind));
        }
      }
    }
    List<Term> baseline = clusterTerms(Tier.BASELINE, kind, direction, kinds, policies);
    GroupRules rules = new GroupRules(admin, isolated, allow, baseline);
    return new Applied(rules, direction, policies, version, clusterVersion);
  }

  private List<Term> clusterTerms(
      Tier tier, Kind kind, Direction direction, Kinds kinds, List<String> policies) {
    List<Term> out = new ArrayList<>();
    for (ClusterPolicy policy : clusterInOrder) {
      if (policy.tier() == tier
          && !policy.rules(direction).isEmpty()
          && selects(policy.subject(), kind, kinds)) {
        policies.add(policy.id());
        for (ClusterPolicy.TierRule rule : policy.rules(direction)) {
          Term term = Term.of(rule.action(), rule.match(), Optional.empty());
          out.add(resolved(term, direction, kind));
        }
      }
    }
    return out;
  }

  private static boolean selects(ClusterPolicy.Subject subject, Kind kind, Kinds kinds) {
    return !kind.key.hostNetwork() // S202
        && subject.namespaces().matches(kinds.spaceLabels(kind))
        && subject.pods().matches(kinds.podLabels(kind));
  }

  /// For ingress the subject itself is the destination that resolves names (S61).
  private static Term resolved(Term term, Direction direction, Kind subject) {
    return direction == Direction.INGRESS
        ? term.withPorts(term.ports().at(subject.key.named()))
        : term;
  }
}
