package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import java.util.List;
import java.util.Optional;

/// A CIDR as the API server reads it: sloppily first, then strictly (section 2.5, S40).
///
/// @param network masked by `prefix`; IPv4-mapped ones are still IPv6
record CidrText(Address network, int prefix, boolean hostBits) {
  static final String NOT_A_CIDR =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  private static final String LEADING_ZEROS = "must not have leading 0s in IP or prefix length";
  private static final String MAPPED = "must not have an IPv4-mapped IPv6 address";
  private static final String HOST_BITS = "must not have bits set beyond the prefix length";

  /// Leading zeros are decimal, host bits and mapped addresses are fine (S168).
  static Optional<CidrText> sloppy(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    int prefix = decimal(text.substring(slash + 1));
    Optional<Address> address = sloppyAddress(text.substring(0, slash));
    if (address.isEmpty() || prefix < 0 || prefix > address.get().family().bits()) {
      return Optional.empty();
    }
    Address network = new Cidr(address.get(), prefix).network();
    return Optional.of(new CidrText(network, prefix, !network.equals(address.get())));
  }

  /// The one message the strict server has for a text that [#sloppy] takes (S163, S183).
  Optional<String> strictMistake(String text) {
    if (Cidr.parse(text).isEmpty()) {
      return Optional.of(LEADING_ZEROS);
    }
    Address written = Address.of(text.substring(0, text.indexOf('/')));
    if (isMapped(written)) {
      return Optional.of(MAPPED);
    }
    return hostBits ? Optional.of(HOST_BITS) : Optional.empty();
  }

  /// What to warn of in a text that is otherwise right (S171).
  Optional<String> warning(String text) {
    String canonical = cidr().toString();
    if (network.family() == Family.IPV4 || canonical.equals(text)) {
      return Optional.empty();
    }
    return Optional.of(
        "IPv6 CIDR value "
            + GoText.quote(text)
            + " should be in RFC 5952 canonical format ("
            + GoText.quote(canonical)
            + ")");
  }

  /// What it means: a mapped one with 96 bits and more is the IPv4 network (S40).
  Cidr cidr() {
    return isMapped(network) && prefix >= 96
        ? new Cidr(Address.ofV4((int) network.low()), prefix - 96)
        : new Cidr(network, prefix);
  }

  /// Whether `inner` is a strict part of this one, by raw prefix lengths (S162, S183).
  boolean strictlyContains(CidrText inner) {
    Address outside = unmapped(network);
    Address inside = unmapped(inner.network);
    if (outside.family() != inside.family() || prefix >= inner.prefix) {
      return false;
    }
    boolean shifted = outside.family() != network.family();
    return new Cidr(outside, shifted ? prefix - 96 : prefix).contains(inside);
  }

  private static boolean isMapped(Address address) {
    return address.family() == Family.IPV6 && address.high() == 0 && address.low() >>> 32 == 0xFFFF;
  }

  private static Address unmapped(Address address) {
    return isMapped(address) ? Address.ofV4((int) address.low()) : address;
  }

  private static Optional<Address> sloppyAddress(String text) {
    return Address.parse(withoutLeadingZeros(text));
  }

  /// Rewrites every decimal octet and every group to its shortest form, and nothing else.
  private static String withoutLeadingZeros(String text) {
    StringBuilder out = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '.' || text.charAt(i) == ':') {
        int from = start;
        while (from < i - 1 && text.charAt(from) == '0') {
          from++;
        }
        out.append(text, from, i);
        if (i < text.length()) {
          out.append(text.charAt(i));
        }
        start = i + 1;
      }
    }
    return out.toString();
  }

  /// A decimal number of any length, or -1.
  private static int decimal(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || value > 999) {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return text.isEmpty() ? -1 : value;
  }

  /// Every message about `text` as `cidr` or `except`; none where it is right.
  static List<String> mistakes(String text) {
    Optional<CidrText> read = sloppy(text);
    return read.isEmpty()
        ? List.of(NOT_A_CIDR)
        : read.get().strictMistake(text).map(List::of).orElse(List.of());
  }
}
