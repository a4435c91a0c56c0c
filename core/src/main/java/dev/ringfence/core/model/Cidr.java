package dev.ringfence.core.model;

import java.util.Optional;

/// A network and its prefix length; bits beyond the prefix are cut off (S39).
public record Cidr(Address network, int prefix) {
  public Cidr {
    if (prefix < 0 || prefix > network.family().bits()) {
      throw new IllegalArgumentException("not a prefix of " + network + ": " + prefix);
    }
    network = mask(network, prefix, false);
  }

  /// Exactly this address.
  public static Cidr only(Address address) {
    return new Cidr(address, address.family().bits());
  }

  /// Reads `address/prefix` in the strict spelling of [Address#parse], prefix without leading
  /// zeros; host bits are cut off.
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String digits = text.substring(slash + 1);
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(digits);
    return Address.parse(text.substring(0, slash))
        .filter(address -> prefix <= address.family().bits())
        .map(address -> new Cidr(address, prefix));
  }

  /// As [#parse], for text that is known to be right; throws IllegalArgumentException else.
  public static Cidr of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a CIDR: " + text));
  }

  public Family family() {
    return network.family();
  }

  public Address first() {
    return network;
  }

  public Address last() {
    return mask(network, prefix, true);
  }

  public AddressRange range() {
    return new AddressRange(first(), last());
  }

  public boolean contains(Address address) {
    return address.family() == family() && mask(address, prefix, false).equals(network);
  }

  /// Whether every address of `other` is in this one.
  public boolean contains(Cidr other) {
    return other.prefix >= prefix && contains(other.network);
  }

  /// Whether this is every address of its family.
  public boolean coversFamily() {
    return prefix == 0;
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }

  private static Address mask(Address address, int prefix, boolean fill) {
    int host = address.family().bits() - prefix;
    long lowBits = host >= 64 ? -1L : (1L << host) - 1;
    long highBits = host <= 64 ? 0 : host >= 128 ? -1L : (1L << (host - 64)) - 1;
    if (address.family() == Family.IPV4) {
      highBits = 0;
    }
    return new Address(
        address.family(),
        fill ? address.high() | highBits : address.high() & ~highBits,
        fill ? address.low() | lowBits : address.low() & ~lowBits);
  }
}
