package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Policies;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that was read. With errors in `problems`, the rest holds what could be read all the
/// same, and whoever answers questions must refuse (formats.md).
///
/// @param problems in the order of files and lines; within one object in the server's order
/// @param read how many objects of each kind we understand
/// @param skipped how many objects of each other kind
public record Loaded(
    Snapshot snapshot,
    Policies policies,
    List<OutsideHost> outside,
    Optional<LabSettings> lab,
    Places places,
    List<Problem> problems,
    SortedMap<String, Integer> read,
    SortedMap<String, Integer> skipped) {
  public Loaded {
    outside = List.copyOf(outside);
    problems = List.copyOf(problems);
    read = Collections.unmodifiableSortedMap(new TreeMap<>(read));
    skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
  }

  /// Whether any problem is an error.
  public boolean refused() {
    return problems.stream().anyMatch(Problem::isError);
  }

  /// This, where it says anything, and otherwise what is below: an object of the same kind and name
  /// is replaced, and a namespace that was only assumed here is the one that is defined below.
  public Loaded over(Loaded below) {
    return new Overlay(this, below).loaded();
  }
}
