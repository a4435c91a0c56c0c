package dev.ringfence.lab.chaos;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.lab.scenario.Probe;
import java.time.Duration;

/// A packet that did what it must not have done.
///
/// @param at how long after the traffic began
/// @param probe who sent what to whom
/// @param passed it arrived though denied; else it was lost though allowed
/// @param what kind of packet, in words
/// @param before what the evaluator says of the first state that may have been in force
/// @param after the same of the last; equal where nothing changed meanwhile
/// @param change what was under way, or had been the last before
public record Wrong(
    Duration at, Probe probe, boolean passed, String what, Told before, Told after, String change) {
  /// What the evaluator says of one state.
  ///
  /// @param changes how many had led there
  public record Told(int changes, Decision decision) {}
}
