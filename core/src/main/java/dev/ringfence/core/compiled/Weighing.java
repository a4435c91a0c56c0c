package dev.ringfence.core.compiled;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many members the sets of some groups have, each set once however many groups use it.
final class Weighing {
  private final Map<SharedSet, Integer> sizes = new HashMap<>();
  private final Map<String, Long> byGroup = new HashMap<>();

  /// @param table counted
  void add(String group, GroupTable table) {
    table
        .sets()
        .sizes((set, size) -> {
          sizes.put(set, size);
          byGroup.merge(group, (long) size, Long::sum);
        });
  }

  long total() {
    return sizes.values().stream().mapToLong(size -> size).sum();
  }

  /// All sets that a group uses.
  long of(String group) {
    return byGroup.getOrDefault(group, 0L);
  }

  /// Those groups that use most, most first.
  List<String> heaviest(int count) {
    return byGroup.keySet().stream()
        .sorted(Comparator.comparingLong(this::of).reversed().thenComparing(group -> group))
        .limit(count)
        .toList();
  }
}
