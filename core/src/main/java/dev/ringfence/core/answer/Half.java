package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.compiled.EndSet;
import dev.ringfence.core.compiled.Row;
import dev.ringfence.core.compiled.Rows;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// One side of every pair of a [Grid]: the row of each end in one direction.
final class Half {
  final List<Row> rows = new ArrayList<>();
  private final List<int[]> numbers = new ArrayList<>();

  /// @param ports numbers every port set of the rows
  Half(Rows table, Direction direction, List<Endpoint> ends, Interned ports) {
    IdentityHashMap<Row, int[]> known = new IdentityHashMap<>();
    for (Endpoint end : ends) {
      Row row =
          end instanceof Endpoint.OfPod(Pod pod, var at)
              ? table.of(direction, pod)
              : table.ofNobody();
      rows.add(row);
      numbers.add(
          known.computeIfAbsent(
              row, r -> r.parts().stream().mapToInt(part -> ports.number(part.ports())).toArray()));
    }
  }

  /// The port sets of the parts of an end's row, by number.
  int[] numbers(int end) {
    return numbers.get(end);
  }

  /// What the row of `subject` lets through for `other`, by number.
  int ports(int subject, int other) {
    List<Row.Part> parts = rows.get(subject).parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).ends().contains(other)) {
        return numbers.get(subject)[i];
      }
    }
    return Interned.NONE;
  }

  Admitting admitting() {
    return new Admitting();
  }

  /// The same rows read the other way: of one end, whose rows it is in. Worked out for 64 ends at a
  /// time, so ask in ascending order.
  final class Admitting {
    private final List<Admitters> all = new ArrayList<>();
    private final BitSet[] block = new BitSet[64];
    private int loaded = -1;

    /// Ends whose rows hold the same ends.
    private static final class Admitters {
      private final EndSet ends;
      private final BitSet members = new BitSet();

      private Admitters(EndSet ends) {
        this.ends = ends;
      }
    }

    private Admitting() {
      IdentityHashMap<Row, Admitters> byRow = new IdentityHashMap<>();
      Map<EndSet, Admitters> byEnds = new HashMap<>();
      for (int end = 0; end < rows.size(); end++) {
        byRow
            .computeIfAbsent(
                rows.get(end), row -> byEnds.computeIfAbsent(row.ends(), Admitters::new))
            .members
            .set(end);
      }
      all.addAll(byEnds.values());
    }

    Half half() {
      return Half.this;
    }

    /// The ends whose rows let something through for this one; the caller may change the set.
    BitSet of(int end) {
      if (end / 64 != loaded) {
        load(end / 64);
      }
      return block[end % 64];
    }

    private void load(int number) {
      loaded = number;
      for (int i = 0; i < 64; i++) {
        block[i] = new BitSet();
      }
      for (Admitters one : all) {
        long here = one.ends.word(number);
        while (here != 0) {
          block[Long.numberOfTrailingZeros(here)].or(one.members);
          here &= here - 1;
        }
      }
    }
  }
}
