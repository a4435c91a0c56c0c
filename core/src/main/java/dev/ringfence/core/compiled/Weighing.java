package dev.ringfence.core.compiled;

import java.util.HashMap;
import java.util.Map;

/// How many members the sets of some tables have together, each set once.
final class Weighing {
  private final Map<SharedSet, Use> uses = new HashMap<>();
  private long exact;
  private long rounded;

  private static final class Use {
    private int count;
  }

  /// @param table counted; may be there more than once
  void add(GroupTable table) {
    table
        .sets()
        .sizes((set, size) -> {
          Use use = uses.computeIfAbsent(set, s -> new Use());
          if (use.count++ == 0) {
            exact += size;
            rounded += roundedUp(size);
          }
        });
  }

  void remove(GroupTable table) {
    table
        .sets()
        .sizes((set, size) -> {
          Use use = uses.get(set);
          if (use != null && --use.count == 0) {
            exact -= size;
            rounded -= roundedUp(size);
          }
        });
  }

  long exact() {
    return exact;
  }

  /// The sum of [#roundedUp] sizes.
  long rounded() {
    return rounded;
  }

  /// To four significant binary digits, so that a pod more or less seldom makes another number; at
  /// most an eighth more.
  static long roundedUp(long size) {
    long step = Math.max(1, Long.highestOneBit(size) >> 3);
    return (size + step - 1) / step * step;
  }

  /// No less than sizes that have this sum, each rounded up.
  static long atMostRoundedUp(long sum) {
    return sum + sum / 8;
  }

  /// All sets of a table.
  static long of(GroupTable table) {
    long[] out = {0};
    table.sets().sizes((set, size) -> out[0] += size);
    return out[0];
  }
}
