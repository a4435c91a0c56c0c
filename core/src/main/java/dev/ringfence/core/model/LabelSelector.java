package dev.ringfence.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The conjunction of all its requirements; none at all matches every object (S22).
///
/// Requirements keep the order of the manifest, `matchLabels` first and sorted by key. What an
/// absent selector means is decided by whoever holds it, never here.
public record LabelSelector(List<Requirement> requirements) {
  /// Matches every object: the selector `{}`.
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /// `matchLabels` alone.
  public static LabelSelector labels(Map<String, String> matchLabels) {
    return of(matchLabels, List.of());
  }

  /// `matchLabels` and `matchExpressions` together.
  public static LabelSelector of(
      Map<String, String> matchLabels, List<? extends Requirement> expressions) {
    SortedMap<String, String> sorted = new TreeMap<>(matchLabels);
    List<Requirement> all = new ArrayList<>();
    sorted.forEach((key, value) -> all.add(new Requirement.Equal(key, value)));
    all.addAll(expressions);
    return new LabelSelector(all);
  }

  public boolean matches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }
}
