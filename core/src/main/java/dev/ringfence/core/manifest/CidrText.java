package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A CIDR as the API server reads it: sloppily first, then strictly (section 2.5, S40).
///
/// @param address as written; IPv4-mapped ones are still IPv6
/// @param network the same, masked by `prefix`
record CidrText(Address address, Address network, int prefix) {
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
    return Optional.of(new CidrText(address.get(), network, prefix));
  }

  /// The one message the strict server has for a text that [#sloppy] takes (S163, S183).
  Optional<String> strictMistake(String text) {
    if (Cidr.parse(text).isEmpty()) {
      return Optional.of(LEADING_ZEROS);
    }
    if (isMapped(address)) {
      return Optional.of(MAPPED);
    }
    return hostBits() ? Optional.of(HOST_BITS) : Optional.empty();
  }

  private boolean hostBits() {
    return !network.equals(address);
  }

  /// What the server warns of once it has accepted this (S171).
  List<String> warnings(String text, Release release) {
    List<String> out = new ArrayList<>();
    String quoted = GoText.quote(text);
    String canonical = GoText.quote(cidr().toString());
    if (hostBits()) {
      String single = unmapped(address) + "/" + address.family().bits();
      out.add(
          "CIDR value "
              + quoted
              + " is ambiguous in this context (should be "
              + canonical
              + " or "
              + GoText.quote(single)
              + "?)");
    }
    if (Cidr.parse(text).isEmpty() || isMapped(address)) {
      out.add(
          "non-standard CIDR value "
              + quoted
              + " "
              + release.nonStandardCidr()
              + ": use "
              + canonical);
    }
    if (out.isEmpty() && network.family() == Family.IPV6 && !canonical.equals(quoted)) {
      out.add(
          "IPv6 CIDR value "
              + quoted
              + " should be in RFC 5952 canonical format ("
              + canonical
              + ")");
    }
    return out;
  }

  /// What a text that only an old server takes is to a new one.
  String meant() {
    String single = unmapped(address) + "/" + unmapped(address).family().bits();
    return hostBits() ? "write " + cidr() + " or " + single : "write " + cidr();
  }

  /// What a text that is no CIDR was meant to be, where that is clear.
  static String meant(String text) {
    Optional<Address> alone = sloppyAddress(text);
    if (alone.isPresent()) {
      Address address = unmapped(alone.get());
      return "one address is " + address + "/" + address.family().bits();
    }
    String everyone = "everyone is 0.0.0.0/0 and ::/0";
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "any", "all", "*", "0/0", "0.0.0.0", "everywhere" -> everyone;
      default -> "";
    };
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
