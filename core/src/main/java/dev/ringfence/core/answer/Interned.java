package dev.ringfence.core.answer;

import dev.ringfence.core.compiled.PortSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Port sets by number, 0 for none and 1 for all, so that meeting two of them twice costs nothing.
final class Interned {
  static final int NONE = 0;
  static final int ALL = 1;

  private final List<PortSet> sets = new ArrayList<>();
  private final Map<PortSet, Integer> numbers = new HashMap<>();
  private final Map<Long, Integer> common = new HashMap<>();

  Interned() {
    number(PortSet.NONE);
    number(PortSet.ALL);
  }

  int number(PortSet set) {
    Integer known = numbers.putIfAbsent(set, sets.size());
    if (known != null) {
      return known;
    }
    sets.add(set);
    return sets.size() - 1;
  }

  PortSet get(int number) {
    return sets.get(number);
  }

  /// The number of what is in both.
  int common(int a, int b) {
    if (a == b || b == ALL) {
      return a;
    }
    if (a == ALL) {
      return b;
    }
    long key = (long) Math.min(a, b) << 32 | Math.max(a, b);
    Integer known = common.get(key);
    if (known == null) {
      known = number(get(a).intersect(get(b)));
      common.put(key, known);
    }
    return known;
  }
}
