package dev.ringfence.core.compiled;

import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The policies in force, and which of them apply to a kind of pods.
///
/// A policy is only stored; its rules are read when a kind is asked that it applies to. What was
/// read stays until a policy changes that selects the kind, before or after.
final class Subjects {
  private static final SpacePolicies NONE = new SpacePolicies();

  private final Map<String, SpacePolicies> network = new HashMap<>();
  private final SortedMap<String, ClusterPolicy> cluster = new TreeMap<>();
  private List<ClusterPolicy> clusterInOrder = List.of();

  /// The kinds that were asked, by namespace.
  private final Map<String, Set<Kind>> asked = new HashMap<>();

  private final Set<Kind> changed = new HashSet<>();

  void set(NetworkPolicy policy, Kinds kinds) {
    String namespace = policy.name().namespace();
    SpacePolicies space = network.computeIfAbsent(namespace, n -> new SpacePolicies());
    if (!policy.equals(space.get(policy.name().name()))) {
      StoredPolicy old = space.put(policy);
      changed(namespace, old, kinds);
      changed(namespace, policy.subject(), kinds);
    }
  }

  void remove(ObjectName name, Kinds kinds) {
    SpacePolicies space = network.get(name.namespace());
    if (space != null) {
      changed(name.namespace(), space.remove(name.name()), kinds);
      if (space.isEmpty()) {
        network.remove(name.namespace());
      }
    }
  }

  void set(ClusterPolicy policy, Kinds kinds) {
    ClusterPolicy old = cluster.put(policy.id(), policy);
    if (!policy.equals(old)) {
      reorder(old, kinds);
      reorder(policy, kinds);
    }
  }

  void removeCluster(String id, Kinds kinds) {
    reorder(cluster.remove(id), kinds);
  }

  private void reorder(@Nullable ClusterPolicy policy, Kinds kinds) {
    if (policy != null) {
      clusterInOrder = new Policies(List.of(), List.copyOf(cluster.values())).cluster();
      asked.values().forEach(some -> forget(some, kind -> selects(policy.subject(), kind, kinds)));
    }
  }

  private void changed(String namespace, @Nullable StoredPolicy policy, Kinds kinds) {
    if (policy != null) {
      changed(namespace, policy.policy.subject(), kinds);
    }
  }

  private void changed(String namespace, LabelSelector subject, Kinds kinds) {
    Set<Kind> some = asked.get(namespace);
    if (some != null) {
      forget(some, kind -> subject.matches(kinds.podLabels(kind)));
    }
  }

  private void forget(Set<Kind> some, Predicate<Kind> which) {
    some.removeIf(kind -> {
      boolean hit = which.test(kind);
      if (hit) {
        kind.forgetApplied();
        changed.add(kind);
      }
      return hit;
    });
  }

  /// The kinds to which something else may apply than when this was last asked.
  Set<Kind> takeChanged() {
    Set<Kind> out = Set.copyOf(changed);
    changed.clear();
    return out;
  }

  /// There are other kinds now.
  void forgetKinds() {
    asked.clear();
    changed.clear();
  }

  Applied to(Kind kind, Direction direction, Kinds kinds) {
    Applied known = kind.applied(direction);
    if (known != null) {
      return known;
    }
    Applied now = read(kind, direction, kinds);
    kind.remember(direction, now);
    asked.computeIfAbsent(kind.key.namespace(), n -> new HashSet<>()).add(kind);
    return now;
  }

  private Applied read(Kind kind, Direction direction, Kinds kinds) {
    List<String> policies = new ArrayList<>();
    List<Term> admin = clusterTerms(Tier.ADMIN, kind, direction, kinds, policies);
    List<Term> allow = new ArrayList<>();
    boolean isolated = false;
    SpacePolicies space = network.getOrDefault(kind.key.namespace(), NONE);
    for (StoredPolicy stored : space.selecting(kinds.podLabels(kind))) {
      NetworkPolicy policy = stored.policy;
      if (policy.isolates(direction)) {
        isolated = true;
        policies.add(policy.id());
        for (Term term : stored.terms(direction)) {
          allow.add(resolved(term, direction, kind));
        }
      }
    }
    List<Term> baseline = clusterTerms(Tier.BASELINE, kind, direction, kinds, policies);
    return new Applied(new GroupRules(admin, isolated, allow, baseline), direction, policies);
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
    return direction == Direction.INGRESS && !term.ports().names().isEmpty()
        ? term.withPorts(term.ports().at(subject.key.named()))
        : term;
  }
}
