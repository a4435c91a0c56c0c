package dev.ringfence.core.model;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// What a mistyped word was probably meant to be.
public final class Spelling {
  private static final int LONGEST = 100;
  private static final int LETTERS_PER_SLIP = 3;

  private Spelling() {}

  /// The likeliest of several words, of equals the first; empty where none is like it. One slip for
  /// every three letters is forgiven, capitals count for nothing.
  public static Optional<String> nearest(String word, Collection<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    int most = Math.max(1, Math.min(word.length(), LONGEST) / LETTERS_PER_SLIP);
    Optional<String> best = Optional.empty();
    for (String one : known) {
      int distance = distance(lower, one.toLowerCase(Locale.ROOT));
      if (distance <= most) {
        best = Optional.of(one);
        most = distance - 1;
      }
    }
    return best;
  }

  /// How many letters must be put in, left out, replaced or swapped with their neighbour; a long
  /// word is far from any other.
  public static int distance(String from, String to) {
    if (from.length() > LONGEST || to.length() > LONGEST) {
      return from.equals(to) ? 0 : Integer.MAX_VALUE;
    }
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int cheapest(int[][] cost, String from, String to, int i, int j) {
    char here = from.charAt(i - 1);
    char there = to.charAt(j - 1);
    int best = cost[i - 1][j - 1] + (here == there ? 0 : 1);
    best = Math.min(best, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped = i > 1 && j > 1 && here == to.charAt(j - 2) && from.charAt(i - 2) == there;
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
