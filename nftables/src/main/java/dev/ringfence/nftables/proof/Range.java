package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run of values of one length, both ends included, in memory order.
record Range(Bytes first, Bytes last) {
  private static final int FEW_BYTES = 2;

  Range {
    if (first.length() != last.length() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("not a range: " + first + "-" + last);
    }
  }

  static Range only(Bytes value) {
    return new Range(value, value);
  }

  boolean contains(Bytes value) {
    return first.compareTo(value) <= 0 && value.compareTo(last) <= 0;
  }

  /// The values of this length that begin like those of the range.
  Range ofLength(int length) {
    return new Range(filled(first, length, 0), filled(last, length, 0xFF));
  }

  private static Bytes filled(Bytes head, int length, int with) {
    Bytes out = head;
    while (out.length() < length) {
      out = out.then(Bytes.of(with));
    }
    return out;
  }

  /// Values of this length for which the comparison holds under a mask; `NOT_EQUAL` is the
  /// caller's, as the opposite of `EQUAL`.
  ///
  /// @param mask empty for all bits
  /// @return empty where that is no short list of ranges
  static Optional<List<Range>> where(int length, Bytes mask, Expression.Compare compare) {
    Bytes value = compare.value();
    if (value.length() > length || value.length() == 0) {
      return Optional.empty();
    }
    if (mask.length() == 0) {
      return Optional.of(plain(length, compare.operator(), value));
    }
    if (length <= FEW_BYTES && value.length() == length && mask.length() == length) {
      return Optional.of(tried(length, mask, compare));
    }
    boolean equality =
        compare.operator() == Operator.EQUAL || compare.operator() == Operator.NOT_EQUAL;
    return equality && mask.length() == value.length() && isPrefix(mask)
        ? Optional.of(under(length, mask, value))
        : Optional.empty();
  }

  private static List<Range> plain(int length, Operator operator, Bytes value) {
    Range equal = only(value).ofLength(length);
    Bytes least = filled(Bytes.EMPTY, length, 0);
    Bytes most = filled(Bytes.EMPTY, length, 0xFF);
    return switch (operator) {
      case EQUAL, NOT_EQUAL -> List.of(equal);
      case LESS ->
          equal.first().equals(least)
              ? List.of()
              : List.of(new Range(least, equal.first().previous()));
      case LESS_OR_EQUAL -> List.of(new Range(least, equal.last()));
      case GREATER ->
          equal.last().equals(most) ? List.of() : List.of(new Range(equal.last().next(), most));
      case GREATER_OR_EQUAL -> List.of(new Range(equal.first(), most));
    };
  }

  private static List<Range> under(int length, Bytes mask, Bytes value) {
    Bytes last = Bytes.EMPTY;
    for (int i = 0; i < mask.length(); i++) {
      if ((value.at(i) & ~mask.at(i)) != 0) {
        return List.of();
      }
      last = last.then(Bytes.of(value.at(i) | (~mask.at(i) & 0xFF)));
    }
    return List.of(new Range(value, last).ofLength(length));
  }

  private static List<Range> tried(int length, Bytes mask, Expression.Compare compare) {
    List<Range> out = new ArrayList<>();
    for (int number = 0; number < 1 << (8 * length); number++) {
      Bytes value = length == 1 ? Bytes.of(number) : Bytes.ofShort(number);
      if (holds(compare, masked(value, mask))) {
        boolean joins = !out.isEmpty() && out.getLast().last().next().equals(value);
        if (joins) {
          out.set(out.size() - 1, new Range(out.getLast().first(), value));
        } else {
          out.add(only(value));
        }
      }
    }
    return out;
  }

  /// The value's bits under the mask.
  static Bytes masked(Bytes value, Bytes mask) {
    byte[] out = value.toArray();
    for (int i = 0; i < out.length && i < mask.length(); i++) {
      out[i] &= (byte) mask.at(i);
    }
    return Bytes.copyOf(out);
  }

  /// Whether the comparison holds for a value that is known; `NOT_EQUAL` counts as `EQUAL`.
  static boolean holds(Expression.Compare compare, Bytes value) {
    return plain(value.length(), compare.operator(), compare.value()).stream()
        .anyMatch(range -> range.contains(value));
  }

  private static boolean isPrefix(Bytes mask) {
    boolean ended = false;
    for (int bit = 0; bit < 8 * mask.length(); bit++) {
      boolean set = (mask.at(bit / 8) & 0x80 >>> (bit % 8)) != 0;
      if (set && ended) {
        return false;
      }
      ended |= !set;
    }
    return true;
  }
}
