package dev.ringfence.core.compiled;

import java.util.ArrayList;
import java.util.List;

/// The tables whose sets pods of one kind may be members of, as far as [FilledSets] has looked.
final class Interests {
  /// @param peers the class of the kind in that table
  record Interest(GroupSets sets, int peers) {}

  final List<Interest> all = new ArrayList<>(0);
  int epoch;
  int upTo;
}
