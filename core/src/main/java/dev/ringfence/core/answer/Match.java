package dev.ringfence.core.answer;

import java.util.OptionalInt;

/// Whether a rule matches; about a pod we know nothing of, some rules cannot tell (S28).
enum Match {
  NO,
  /// It depends on labels or declarations of an unknown pod: opens nothing, closes everything.
  MAYBE,
  YES;

  Match and(Match other) {
    return compareTo(other) <= 0 ? this : other;
  }

  static Match of(boolean yes) {
    return yes ? YES : NO;
  }

  /// The best match of a list.
  ///
  /// @param at index of the first item that matches so; empty where the list stands for anything
  record Found(Match match, OptionalInt at) {
    static final Found ANYTHING = new Found(YES, OptionalInt.empty());
    static final Found NOTHING = new Found(NO, OptionalInt.empty());

    Found or(Match other, int index) {
      return other.compareTo(match) > 0 ? new Found(other, OptionalInt.of(index)) : this;
    }
  }
}
