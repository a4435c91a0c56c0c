package dev.ringfence.core.worlds;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Random labels and awkward selectors over one small vocabulary.
final class Labels {
  private static final List<String> VALUES = List.of("a", "b", "c", "", "A", "a,b", "a\"");

  private final Dice dice;
  private final List<String> keys;

  /// @param keys one more is asked for that no object has
  Labels(Dice dice, List<String> keys) {
    this.dice = dice;
    this.keys = keys;
  }

  Map<String, String> labels() {
    Map<String, String> out = new HashMap<>();
    dice.some(keys, 3).forEach(key -> out.put(key, value()));
    return out;
  }

  private String value() {
    return dice.percent(70) ? dice.oneOf("a", "b") : dice.pick(VALUES);
  }

  private String key() {
    return dice.percent(5) ? "nowhere" : dice.pick(keys);
  }

  LabelSelector selector() {
    if (dice.percent(25)) {
      return LabelSelector.EVERYTHING;
    }
    Map<String, String> pairs = dice.percent(60) ? Map.of(key(), value()) : Map.of();
    List<Requirement> expressions = new ArrayList<>();
    for (int i = dice.between(pairs.isEmpty() ? 1 : 0, 2); i > 0; i--) {
      expressions.add(requirement());
    }
    return LabelSelector.of(pairs, expressions);
  }

  private Requirement requirement() {
    List<String> values = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      values.add(dice.pick(VALUES)); // now and then one of them twice
    }
    return switch (dice.between(0, 3)) {
      case 0 -> new Requirement.In(key(), values);
      case 1 -> new Requirement.NotIn(key(), values);
      case 2 -> new Requirement.Exists(key());
      default -> new Requirement.DoesNotExist(key());
    };
  }
}
