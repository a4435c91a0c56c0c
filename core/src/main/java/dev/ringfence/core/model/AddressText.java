package dev.ringfence.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Strict reading and canonical printing of addresses; the JDK's own readers are lax (S40).
final class AddressText {
  private AddressText() {}

  static Optional<Address> parse(String text) {
    return text.indexOf(':') >= 0 ? v6(text) : v4(text).map(Address::ofV4);
  }

  static String print(Address address) {
    return address.family() == Family.IPV4
        ? dotted((int) address.low())
        : colons(address.high(), address.low());
  }

  private static Optional<Integer> v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int bits = 0;
    for (String part : parts) {
      int octet = digits(part, 10, 3);
      if (octet < 0 || octet > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      bits = bits << 8 | octet;
    }
    return Optional.of(bits);
  }

  private static Optional<Address> v6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true).filter(all -> all.size() == 8).map(AddressText::join);
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    Optional<List<Integer>> head = groups(text.substring(0, gap), false);
    Optional<List<Integer>> tail = groups(text.substring(gap + 2), true);
    if (head.isEmpty() || tail.isEmpty() || head.get().size() + tail.get().size() > 7) {
      return Optional.empty();
    }
    List<Integer> all = new ArrayList<>(head.get());
    while (all.size() + tail.get().size() < 8) {
      all.add(0);
    }
    all.addAll(tail.get());
    return Optional.of(join(all));
  }

  /// Groups between colons; the last may be a dotted quad where `quad` says so.
  private static Optional<List<Integer>> groups(String text, boolean quad) {
    List<Integer> out = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(out);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (quad && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        Optional<Integer> v4 = v4(parts[i]);
        if (v4.isEmpty()) {
          return Optional.empty();
        }
        out.add(v4.get() >>> 16);
        out.add(v4.get() & 0xFFFF);
        continue;
      }
      int group = digits(parts[i], 16, 4);
      if (group < 0) {
        return Optional.empty();
      }
      out.add(group);
    }
    return Optional.of(out);
  }

  /// The number, or -1 if it is empty, too long or holds another character.
  private static int digits(String text, int radix, int most) {
    if (text.isEmpty() || text.length() > most) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static Address join(List<Integer> groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups.get(i);
      low = low << 16 | groups.get(i + 4);
    }
    return Address.ofV6(high, low);
  }

  private static String dotted(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  /// RFC 5952; the IPv4-mapped prefix is printed with a dotted quad.
  private static String colons(long high, long low) {
    if (high == 0 && low >>> 32 == 0xFFFF) {
      return "::ffff:" + dotted((int) low);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xFFFF;
      groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xFFFF;
    }
    int gapAt = -1;
    int gapLength = 1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && groups[i + run] == 0) {
        run++;
      }
      if (run > gapLength) {
        gapAt = i;
        gapLength = run;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == gapAt) {
        out.append("::");
        i += gapLength - 1;
        continue;
      }
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
        out.append(':');
      }
      out.append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }
}
