package dev.ringfence.lab.chaos;

import java.time.Duration;

/// The change that took longest.
///
/// @param took from its beginning until it was in force everywhere
record Slowest(Duration took, String change) {
  static final Slowest NONE = new Slowest(Duration.ZERO, "");

  Slowest or(Duration other, String change) {
    return other.compareTo(took) > 0 ? new Slowest(other, change) : this;
  }
}
