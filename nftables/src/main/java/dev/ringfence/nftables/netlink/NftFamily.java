package dev.ringfence.nftables.netlink;

import dev.ringfence.core.model.Family;
import java.util.Optional;

/// The address family of a table.
public enum NftFamily {
  INET(1, "inet"),
  IPV4(2, "ip"),
  ARP(3, "arp"),
  NETDEV(5, "netdev"),
  BRIDGE(7, "bridge"),
  IPV6(10, "ip6");

  private final int number;
  private final String text;

  NftFamily(int number, String text) {
    this.number = number;
    this.text = text;
  }

  int number() {
    return number;
  }

  static NftFamily of(int number) {
    for (NftFamily one : values()) {
      if (one.number == number) {
        return one;
      }
    }
    throw new IllegalArgumentException("address family " + number);
  }

  static NftFamily of(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  /// The family of addresses with this number.
  static Optional<Family> family(int number) {
    return number == IPV4.number
        ? Optional.of(Family.IPV4)
        : number == IPV6.number ? Optional.of(Family.IPV6) : Optional.empty();
  }

  /// As `nft` writes it.
  @Override
  public String toString() {
    return text;
  }
}
