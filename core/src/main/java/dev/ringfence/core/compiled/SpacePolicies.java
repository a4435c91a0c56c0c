package dev.ringfence.core.compiled;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The NetworkPolicies of one namespace, by name and by what their subjects ask for.
///
/// Which of ten thousand select a pod costs in proportion to those that do, and to those that ask
/// for no label that must be there.
final class SpacePolicies {
  private static final Comparator<StoredPolicy> BY_NAME =
      Comparator.comparing(stored -> stored.policy.name());

  /// What a pod must have to be selected.
  private sealed interface Needed {
    record Nothing() implements Needed {}

    record Key(String key) implements Needed {}

    record Pair(String key, String value) implements Needed {}
  }

  private final Map<String, StoredPolicy> byName = new HashMap<>();
  private final Map<Needed, Map<String, StoredPolicy>> byNeed = new HashMap<>();

  /// What was there before under this name.
  @Nullable StoredPolicy put(NetworkPolicy policy) {
    StoredPolicy old = remove(policy.name().name());
    StoredPolicy stored = new StoredPolicy(policy);
    byName.put(policy.name().name(), stored);
    for (Needed need : needs(policy.subject())) {
      byNeed.computeIfAbsent(need, n -> new TreeMap<>()).put(policy.name().name(), stored);
    }
    return old;
  }

  @Nullable NetworkPolicy get(String name) {
    StoredPolicy stored = byName.get(name);
    return stored == null ? null : stored.policy;
  }

  @Nullable StoredPolicy remove(String name) {
    StoredPolicy old = byName.remove(name);
    if (old != null) {
      for (Needed need : needs(old.policy.subject())) {
        Map<String, StoredPolicy> those = byNeed.get(need);
        if (those != null && those.remove(name) != null && those.isEmpty()) {
          byNeed.remove(need);
        }
      }
    }
    return old;
  }

  /// Of every set of labels that the selector matches, exactly one of these is true.
  private static Collection<Needed> needs(LabelSelector selector) {
    Needed key = new Needed.Nothing();
    for (Requirement requirement : selector.requirements()) {
      switch (requirement) {
        case Requirement.Equal(var name, var value) -> {
          return List.of(new Needed.Pair(name, value));
        }
        case Requirement.In(var name, var values) when values.size() == 1 -> {
          return List.of(new Needed.Pair(name, values.getFirst()));
        }
        case Requirement.In(var name, var values) -> key = new Needed.Key(name);
        case Requirement.Exists(var name) -> key = new Needed.Key(name);
        case Requirement.NotIn notIn -> {}
        case Requirement.DoesNotExist absent -> {}
      }
    }
    return List.of(key);
  }

  /// Those that select a pod with these labels, by name.
  List<StoredPolicy> selecting(Map<String, String> labels) {
    List<StoredPolicy> out = new ArrayList<>();
    collect(new Needed.Nothing(), labels, out);
    labels.forEach((key, value) -> {
      collect(new Needed.Key(key), labels, out);
      collect(new Needed.Pair(key, value), labels, out);
    });
    out.sort(BY_NAME);
    return out;
  }

  private void collect(Needed need, Map<String, String> labels, List<StoredPolicy> into) {
    for (StoredPolicy stored : byNeed.getOrDefault(need, Map.of()).values()) {
      if (stored.policy.subject().matches(labels)) {
        into.add(stored);
      }
    }
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }
}
