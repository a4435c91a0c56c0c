package dev.ringfence.nftables.netlink;

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

  /// As `nft` writes it.
  @Override
  public String toString() {
    return text;
  }
}
