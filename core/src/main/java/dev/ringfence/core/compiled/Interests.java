package dev.ringfence.core.compiled;

import java.util.ArrayList;
import java.util.List;

/// The tables whose sets pods of one kind may be members of, as far as [FilledSets] has looked.
final class Interests {
  /// @param peers the class of the kind in that table
  record Interest(GroupSets sets, int peers) implements Comparable<Interest> {
    /// In the order in which the tables were filled, which is the order of [#all].
    @Override
    public int compareTo(Interest other) {
      return Long.compare(sets.number, other.sets.number);
    }
  }

  final List<Interest> all = new ArrayList<>(0);
  int epoch;
  int upTo;
}
