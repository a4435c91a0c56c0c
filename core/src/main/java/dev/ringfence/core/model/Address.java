package dev.ringfence.core.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One IP address, as two unsigned halves; IPv4 lives in the low 32 bits of `low`.
///
/// Ordered by family, then unsigned. An IPv4-mapped IPv6 address stays IPv6.
public record Address(Family family, long high, long low) implements Comparable<Address> {
  public Address {
    if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("more than 32 bits in an IPv4 address");
    }
  }

  public static Address ofV4(int bits) {
    return new Address(Family.IPV4, 0, Integer.toUnsignedLong(bits));
  }

  public static Address ofV6(long high, long low) {
    return new Address(Family.IPV6, high, low);
  }

  /// From 4 or 16 bytes in network order.
  public static Address ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new Address(Family.IPV4, 0, bigEndian(bytes, 0, 4));
      case 16 -> new Address(Family.IPV6, bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
      default -> throw new IllegalArgumentException("not an address: " + bytes.length + " bytes");
    };
  }

  /// Reads the strict spelling only: four plain decimal octets, or RFC 4291 text; no zone, no
  /// blanks, no leading zeros, no shorthand such as `10.1`.
  public static Optional<Address> parse(String text) {
    return AddressText.parse(text);
  }

  /// As [#parse], for text that is known to be right; throws IllegalArgumentException else.
  public static Address of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
  }

  /// 4 or 16 bytes in network order.
  public byte[] bytes() {
    byte[] out = new byte[family.bits() / 8];
    for (int i = 0; i < out.length; i++) {
      int shift = (out.length - 1 - i) * 8;
      out[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return out;
  }

  /// The address one above, or empty after the last of the family.
  public Optional<Address> next() {
    if (family == Family.IPV4) {
      return low == 0xFFFF_FFFFL ? Optional.empty() : Optional.of(new Address(family, 0, low + 1));
    }
    if (low == -1L && high == -1L) {
      return Optional.empty();
    }
    return Optional.of(new Address(family, low == -1L ? high + 1 : high, low + 1));
  }

  /// The address one below, or empty before the first of the family.
  public Optional<Address> previous() {
    if (low == 0 && high == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Address(family, low == 0 && family == Family.IPV6 ? high - 1 : high, low - 1));
  }

  @Override
  public int compareTo(Address other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// Spelled out, for a fast start, like the order of [ObjectName].
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Address it && low == it.low && high == it.high && family == it.family;
  }

  /// Spreads neighbours apart: the JDK's immutable sets probe linearly, and a record's own hash
  /// would put the addresses of a cluster side by side.
  @Override
  public int hashCode() {
    long mixed = (high * 0x9E37_79B9_7F4A_7C15L ^ low) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (mixed ^ mixed >>> 32);
  }

  /// Canonical text: dotted quad, or RFC 5952.
  @Override
  public String toString() {
    return AddressText.print(this);
  }

  private static long bigEndian(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    return value;
  }
}
