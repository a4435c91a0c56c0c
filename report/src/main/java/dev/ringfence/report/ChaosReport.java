package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/// What `lab chaos` found.
///
/// @param seed that makes the same changes again
/// @param pairs of ends, with port, protocol and family, that were sent between
/// @param packets that were sent and held against the answers
/// @param passedWrongly how many arrived though denied
/// @param lostWrongly how many were lost though allowed
/// @param droppedByMachine how many were lost while the machine itself dropped packets before any
///   rule; not counted in `lostWrongly`
/// @param slowestChangeMillis from its beginning until it was in force everywhere
/// @param slowestChange in words; empty if there was none
/// @param wrong the first that were wrong
@JsonPropertyOrder({
  "apiVersion",
  "kind",
  "seed",
  "changes",
  "pairs",
  "packets",
  "passedWrongly",
  "lostWrongly",
  "droppedByMachine",
  "slowestChangeMillis",
  "slowestChange",
  "wrong"
})
public record ChaosReport(
    String apiVersion,
    String kind,
    long seed,
    int changes,
    int pairs,
    long packets,
    long passedWrongly,
    long lostWrongly,
    long droppedByMachine,
    long slowestChangeMillis,
    String slowestChange,
    List<Wrong> wrong) {
  public ChaosReport {
    wrong = List.copyOf(wrong);
  }

  /// A packet that did what it must not have done.
  ///
  /// @param packet `allowed` if it arrived, `denied` if it did not
  /// @param atMillis after the traffic began
  /// @param what kind of packet, in words
  /// @param before the evaluator's answer to the first state that may have been in force
  /// @param after the same of the last; equal to `before` where nothing changed meanwhile
  /// @param lastChange what was under way, or had been the last before, in words
  public record Wrong(
      String from,
      String to,
      String protocol,
      int port,
      String family,
      String packet,
      long atMillis,
      String what,
      Answer before,
      Answer after,
      String lastChange) {}

  /// What the evaluator says of one state.
  ///
  /// @param changes how many had led to it
  /// @param answer `allowed` or `denied`
  /// @param because which side decided and by which policies, in words
  public record Answer(int changes, String answer, String because) {}
}
