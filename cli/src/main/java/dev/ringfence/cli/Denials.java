package dev.ringfence.cli;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Side;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is denied by which policy, one line a policy.
///
/// A NetworkPolicy denies by isolating: where several isolate one pod and none has a rule that
/// matches, each of them is named.
final class Denials {
  private final SortedMap<String, Told> byPolicy = new TreeMap<>();

  private static final class Told {
    private int probes;
    private final Map<Direction, Set<String>> subjects = new EnumMap<>(Direction.class);
  }

  /// Takes in one probe that is denied.
  ///
  /// @param from the workload that opens
  /// @param to the workload that accepts
  void add(Decision decision, String from, String to) {
    Set<String> counted = new LinkedHashSet<>();
    side(decision.egress(), Direction.EGRESS, from, counted);
    side(decision.ingress(), Direction.INGRESS, to, counted);
    counted.forEach(policy -> told(policy).probes++);
  }

  private void side(Side side, Direction direction, String subject, Set<String> counted) {
    if (side.allowed()) {
      return;
    }
    for (String policy : policies(side)) {
      told(policy)
          .subjects
          .computeIfAbsent(direction, any -> new TreeSet<>())
          .add(Matrix.shortened(subject));
      counted.add(policy);
    }
  }

  private static List<String> policies(Side side) {
    List<String> deciding = new ArrayList<>();
    side.policy().ifPresent(deciding::add);
    if (deciding.isEmpty()) {
      side.considered().forEach(one -> deciding.add(one.policy()));
    }
    return deciding;
  }

  private Told told(String policy) {
    return byPolicy.computeIfAbsent(policy, any -> new Told());
  }

  /// `networkpolicy/shop/db denies 40: into shop/db`, in the order of names.
  List<String> lines() {
    List<String> out = new ArrayList<>();
    byPolicy.forEach((policy, told) -> {
      StringJoiner what = new StringJoiner("; ");
      told.subjects.forEach((direction, subjects) ->
          what.add(
              (direction == Direction.INGRESS ? "into " : "out of ")
                  + String.join(", ", subjects)));
      out.add(policy + " denies " + told.probes + ": " + what);
    });
    return out;
  }
}
