package dev.ringfence.lab.chaos;

import java.time.Duration;
import java.util.List;

/// What came of it.
///
/// @param seed that makes the same changes again
/// @param streams pairs of ends, with port, protocol and family
/// @param packets that were sent and held against the answers
/// @param passed how many arrived though denied
/// @param lost how many were lost though allowed
/// @param dropped how many the machine dropped before any rule could judge them, as its own
///   counters tell; these are not in `lost`
/// @param slowest the change that took longest
/// @param first the first that were wrong
public record ChaosReport(
    long seed,
    int changes,
    int streams,
    long packets,
    long passed,
    long lost,
    long dropped,
    Slowest slowest,
    List<Wrong> first) {
  public ChaosReport {
    first = List.copyOf(first);
  }

  /// The change that took longest.
  ///
  /// @param took from the beginning of the change until it was in force everywhere
  public record Slowest(Duration took, String change) {}

  public long wrong() {
    return passed + lost;
  }
}
