package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds the shortest selector that matches one label set and none of some others.
///
/// It prefers labels by which people tell workloads apart, and uses those that controllers put on
/// single revisions and replicas only where nothing else helps.
final class Selecting {
  private static final List<String> USUAL =
      List.of(
          "app.kubernetes.io/name",
          "app",
          "k8s-app",
          "name",
          "app.kubernetes.io/component",
          "component",
          "role",
          "tier",
          "app.kubernetes.io/instance");

  private final List<Requirement> pairs = new ArrayList<>();
  private final List<Requirement> absences = new ArrayList<>();
  private final List<Requirement> passing = new ArrayList<>();

  private Selecting(Map<String, String> labels, Collection<Map<String, String>> others) {
    Set<String> foreign = new TreeSet<>();
    others.forEach(other -> foreign.addAll(other.keySet()));
    foreign.removeAll(labels.keySet());
    labels.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, String> pair) -> rank(pair.getKey()))
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(pair ->
            (Workload.CONTROLLER_LABELS.contains(pair.getKey()) ? passing : pairs)
                .add(new Requirement.Equal(pair.getKey(), pair.getValue())));
    foreign.forEach(key ->
        (Workload.CONTROLLER_LABELS.contains(key) ? passing : absences)
            .add(new Requirement.DoesNotExist(key)));
  }

  private static int rank(String key) {
    int at = USUAL.indexOf(key);
    return at < 0 ? USUAL.size() : at;
  }

  /// A selector that matches `labels`, and none of `others` but the siblings that only passing
  /// labels tell apart.
  ///
  /// @param others label sets that differ from `labels`
  /// @param siblings those of them that may be matched rather than use a passing label
  static LabelSelector only(
      Map<String, String> labels,
      Collection<Map<String, String>> others,
      Collection<Map<String, String>> siblings) {
    Selecting selecting = new Selecting(labels, others);
    Set<Map<String, String>> left = new LinkedHashSet<>(others);
    List<Requirement> chosen = new ArrayList<>();
    Optional<Requirement> usual = selecting.usual();
    usual.ifPresent(one -> {
      chosen.add(one);
      left.removeIf(other -> !one.matches(other));
    });
    choose(selecting.pairs, left, chosen);
    choose(selecting.absences, left, chosen);
    left.removeAll(siblings);
    choose(selecting.passing, left, chosen);
    if (chosen.isEmpty() && !selecting.pairs.isEmpty()) {
      chosen.add(selecting.pairs.getFirst());
    }
    List<Requirement> out = withoutIdle(chosen, usual, others);
    out.sort(
        Comparator.comparing((Requirement one) -> !isPair(one)).thenComparing(Requirement::key));
    return new LabelSelector(out);
  }

  /// The label by which people know this workload, whether it helps or not: pods to come may be
  /// like these in all else.
  private Optional<Requirement> usual() {
    return pairs.stream().filter(one -> USUAL.contains(one.key())).findFirst();
  }

  /// Takes the requirement that rules out most of what is left, again and again.
  private static void choose(
      List<Requirement> from, Set<Map<String, String>> left, List<Requirement> chosen) {
    while (!left.isEmpty()) {
      Requirement best = null;
      long most = 0;
      for (Requirement one : from) {
        long out = left.stream().filter(other -> !one.matches(other)).count();
        if (out > most) {
          best = one;
          most = out;
        }
      }
      if (best == null) {
        return;
      }
      Requirement taken = best;
      chosen.add(taken);
      left.removeIf(other -> !taken.matches(other));
    }
  }

  /// The requirements without those that later ones made superfluous.
  private static List<Requirement> withoutIdle(
      List<Requirement> chosen,
      Optional<Requirement> kept,
      Collection<Map<String, String>> others) {
    List<Requirement> out = new ArrayList<>(chosen);
    for (Requirement one : chosen) {
      List<Requirement> without = new ArrayList<>(out);
      without.remove(one);
      boolean idle = kept.filter(one::equals).isEmpty() && !without.isEmpty();
      if (idle && matched(without, others).equals(matched(out, others))) {
        out = without;
      }
    }
    return out;
  }

  private static boolean isPair(Requirement one) {
    return one instanceof Requirement.Equal;
  }

  private static Set<Map<String, String>> matched(
      List<Requirement> requirements, Collection<Map<String, String>> others) {
    LabelSelector selector = new LabelSelector(requirements);
    Set<Map<String, String>> out = new LinkedHashSet<>();
    others.stream().filter(selector::matches).forEach(out::add);
    return out;
  }
}
