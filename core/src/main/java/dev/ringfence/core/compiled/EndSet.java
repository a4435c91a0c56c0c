package dev.ringfence.core.compiled;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// An immutable set of the ends that [Rows] numbers, without room for those below its first.
///
/// Ends of one namespace are neighbours, so most sets are a word or two. What comes out equal to an
/// operand is that operand.
public final class EndSet {
  static final EndSet NONE = new EndSet(0, new long[0]);

  /// Words before the first that is kept.
  private final int skipped;

  /// The first and the last are not zero.
  private final long[] words;

  private EndSet(int skipped, long[] words) {
    this.skipped = skipped;
    this.words = words;
  }

  static EndSet of(BitSet ends) {
    return trimmed(0, ends.toLongArray());
  }

  private static EndSet trimmed(int skipped, long[] words) {
    int first = 0;
    int end = words.length;
    while (end > 0 && words[end - 1] == 0) {
      end--;
    }
    while (first < end && words[first] == 0) {
      first++;
    }
    return first == end
        ? NONE
        : new EndSet(
            skipped + first,
            first == 0 && end == words.length ? words : Arrays.copyOfRange(words, first, end));
  }

  public boolean isEmpty() {
    return words.length == 0;
  }

  public boolean contains(int end) {
    return (word(end / 64) >>> (end % 64) & 1) != 0;
  }

  /// The ends `64 * number` and the 63 after it.
  public long word(int number) {
    int at = number - skipped;
    return at >= 0 && at < words.length ? words[at] : 0;
  }

  private int end() {
    return skipped + words.length;
  }

  /// The same as one that may be changed.
  public BitSet toBitSet() {
    long[] all = new long[end()];
    System.arraycopy(words, 0, all, skipped, words.length);
    return BitSet.valueOf(all);
  }

  private boolean meets(EndSet other) {
    int end = Math.min(end(), other.end());
    for (int at = Math.max(skipped, other.skipped); at < end; at++) {
      if ((word(at) & other.word(at)) != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(EndSet other) {
    for (int at = skipped; at < end(); at++) {
      if ((word(at) & ~other.word(at)) != 0) {
        return false;
      }
    }
    return true;
  }

  EndSet and(EndSet other) {
    if (!meets(other)) {
      return NONE;
    }
    if (isIn(other)) {
      return this;
    }
    if (other.isIn(this)) {
      return other;
    }
    int first = Math.max(skipped, other.skipped);
    long[] out = new long[Math.min(end(), other.end()) - first];
    for (int i = 0; i < out.length; i++) {
      out[i] = word(first + i) & other.word(first + i);
    }
    return trimmed(first, out);
  }

  EndSet minus(EndSet other) {
    if (!meets(other)) {
      return this;
    }
    long[] out = words.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] &= ~other.word(skipped + i);
    }
    return trimmed(skipped, out);
  }

  EndSet or(EndSet other) {
    if (isIn(other)) {
      return other;
    }
    if (other.isIn(this)) {
      return this;
    }
    int first = Math.min(skipped, other.skipped);
    long[] out = new long[Math.max(end(), other.end()) - first];
    for (int i = 0; i < out.length; i++) {
      out[i] = word(first + i) | other.word(first + i);
    }
    return trimmed(first, out);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EndSet ends
        && skipped == ends.skipped
        && Arrays.equals(words, ends.words);
  }

  @Override
  public int hashCode() {
    return 31 * skipped + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return toBitSet().toString();
  }
}
