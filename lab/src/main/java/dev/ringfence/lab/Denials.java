package dev.ringfence.lab;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Side;
import dev.ringfence.core.model.Direction;
import dev.ringfence.report.LabReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who denies what. A NetworkPolicy denies by isolating: where several isolate one pod and none has
/// a rule that matches, each of them counts.
final class Denials {
  private final SortedMap<String, Told> byPolicy = new TreeMap<>();

  private static final class Told {
    private int probes;
    private final Map<Direction, Set<String>> groups = new EnumMap<>(Direction.class);

    private List<String> groups(Direction direction) {
      return List.copyOf(groups.getOrDefault(direction, Set.of()));
    }
  }

  /// Takes in one answer; those that allow change nothing.
  ///
  /// @param from the group that opens
  /// @param to the group that accepts
  void add(Decision decision, String from, String to) {
    Set<String> counted = new LinkedHashSet<>();
    add(decision.egress(), Direction.EGRESS, from, counted);
    add(decision.ingress(), Direction.INGRESS, to, counted);
    counted.forEach(policy -> told(policy).probes++);
  }

  private void add(Side side, Direction direction, String group, Set<String> counted) {
    if (side.allowed()) {
      return;
    }
    for (String policy : deciding(side)) {
      told(policy).groups.computeIfAbsent(direction, any -> new TreeSet<>()).add(group);
      counted.add(policy);
    }
  }

  private static List<String> deciding(Side side) {
    List<String> out = new ArrayList<>();
    side.policy().ifPresent(out::add);
    if (out.isEmpty()) {
      side.considered().forEach(one -> out.add(one.policy()));
    }
    return out;
  }

  private Told told(String policy) {
    return byPolicy.computeIfAbsent(policy, any -> new Told());
  }

  List<LabReport.Denial> all() {
    List<LabReport.Denial> out = new ArrayList<>();
    byPolicy.forEach((policy, told) ->
        out.add(
            new LabReport.Denial(
                policy,
                told.probes,
                told.groups(Direction.EGRESS),
                told.groups(Direction.INGRESS))));
    return out;
  }
}
