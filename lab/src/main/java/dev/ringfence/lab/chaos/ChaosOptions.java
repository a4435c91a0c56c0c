package dev.ringfence.lab.chaos;

import java.time.Duration;

/// How long, and which.
///
/// @param changes at most so many
/// @param time at most so long
/// @param seed of the changes; the traffic's timing is the machine's
public record ChaosOptions(int changes, Duration time, long seed) {
  public ChaosOptions {
    if (changes < 0 || time.isNegative()) {
      throw new IllegalArgumentException(changes + " changes in " + time);
    }
  }
}
