package dev.ringfence.core.compiled;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Peer sets by definition: whoever means the same set gets the same object.
final class SharedSets {
  private final Map<String, SharedSet> byId = new HashMap<>();

  SharedSet get(String definition, String meaning) {
    SharedSet set =
        byId.computeIfAbsent(Definition.id(definition), i -> fresh(definition, meaning));
    if (!set.definition.equals(definition)) {
      throw new IllegalStateException(
          "two definitions have one id: " + set.definition + " and " + definition);
    }
    return set;
  }

  private static SharedSet fresh(String definition, String meaning) {
    return new SharedSet(definition, meaning);
  }

  void keepOnly(Collection<SharedSet> used) {
    byId.values().retainAll(used);
  }
}
