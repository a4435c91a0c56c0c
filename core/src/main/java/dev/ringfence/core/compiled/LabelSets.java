package dev.ringfence.core.compiled;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Distinct label sets, numbered from 0, and which of them each selector matches.
///
/// A label set is never forgotten and never changes, so nor does what matches it: every selector is
/// evaluated at most once on each, and only on those that an inverted index offers.
final class LabelSets {
  private final Map<Map<String, String>, Integer> numbers = new HashMap<>();
  private final List<Map<String, String>> sets = new ArrayList<>();
  private final Map<String, Ints> withKey = new HashMap<>();
  private final Map<Map.Entry<String, String>, Ints> withPair = new HashMap<>();
  private final Map<LabelSelector, Matches> matches = new HashMap<>();

  /// What one selector matches among the first `upTo` sets.
  private static final class Matches {
    private final BitSet bits = new BitSet();
    private int upTo;
  }

  int number(Map<String, String> labels) {
    Integer known = numbers.get(labels);
    if (known != null) {
      return known;
    }
    int number = sets.size();
    sets.add(labels);
    numbers.put(labels, number);
    labels.forEach((key, value) -> {
      withKey.computeIfAbsent(key, k -> new Ints()).add(number);
      withPair.computeIfAbsent(Map.entry(key, value), k -> new Ints()).add(number);
    });
    return number;
  }

  Map<String, String> get(int number) {
    return sets.get(number);
  }

  /// The sets that a selector matches, of all that are known now. Not to be changed.
  BitSet matching(LabelSelector selector) {
    Matches known = matches.computeIfAbsent(selector, s -> new Matches());
    if (known.upTo < sets.size()) {
      match(selector, known.upTo, known.bits);
      known.upTo = sets.size();
    }
    return known.bits;
  }

  private void match(LabelSelector selector, int from, BitSet into) {
    Ints fewest = null;
    for (Requirement requirement : selector.requirements()) {
      Ints offered = candidates(requirement);
      if (offered != null && (fewest == null || offered.size() < fewest.size())) {
        fewest = offered;
      }
    }
    if (fewest == null) {
      for (int set = from; set < sets.size(); set++) {
        into.set(set, selector.matches(sets.get(set)));
      }
      return;
    }
    for (int at = fewest.firstFrom(from); at < fewest.size(); at++) {
      int set = fewest.get(at);
      into.set(set, selector.matches(sets.get(set)));
    }
  }

  /// The only sets that can meet a requirement, ascending; null where that may be any.
  private @Nullable Ints candidates(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Equal(var key, var value) -> pair(key, value);
      case Requirement.In(var key, var values) when values.size() == 1 ->
          pair(key, values.getFirst());
      case Requirement.In(var key, var values) -> withKey.getOrDefault(key, Ints.NONE);
      case Requirement.Exists(var key) -> withKey.getOrDefault(key, Ints.NONE);
      case Requirement.NotIn notIn -> null;
      case Requirement.DoesNotExist absent -> null;
    };
  }

  private Ints pair(String key, String value) {
    return withPair.getOrDefault(Map.entry(key, value), Ints.NONE);
  }
}
