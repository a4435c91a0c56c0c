package dev.ringfence.core.compiled;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Peer sets by definition: whoever means the same set gets the same object.
final class SharedSets {
  private final Map<String, SharedSet> byId = new HashMap<>();
  private final Set<SharedSet> abandoned = new HashSet<>();
  private final Set<SharedSet> changed = new HashSet<>();

  SharedSet use(String definition, Supplier<String> meaning) {
    SharedSet set =
        byId.computeIfAbsent(
            Definition.id(definition), i -> new SharedSet(definition, meaning.get(), changed));
    if (!set.definition.equals(definition)) {
      throw new IllegalStateException(
          "two definitions have one id: " + set.definition + " and " + definition);
    }
    set.users++;
    abandoned.remove(set);
    return set;
  }

  void leave(SharedSet set) {
    set.users--;
    if (set.users == 0) {
      abandoned.add(set);
    }
  }

  /// The sets that may have other members than when this was last asked.
  List<SharedSet> takeChanged() {
    List<SharedSet> out = List.copyOf(changed);
    changed.clear();
    return out;
  }

  /// Forgets what nobody uses.
  void prune() {
    abandoned.forEach(set -> byId.remove(set.id()));
    abandoned.clear();
  }
}
