package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;

/// Packets as an attacker would write them, checksums and all.
final class Forge {
  static final int TCP_SYN = 0x02;
  static final int TCP_ACK = 0x10;
  static final int TCP_SYN_ACK = 0x12;
  private static final Bytes FOUR = Bytes.of(0, 0, 0, 0);

  private Forge() {}

  static Bytes udp(Address from, Address to, int fromPort, int toPort, String text) {
    Bytes payload = Bytes.ofText(text, text.length());
    Bytes head =
        Bytes.ofShort(fromPort)
            .then(Bytes.ofShort(toPort))
            .then(Bytes.ofShort(8 + payload.length()));
    return ip(from, to, 17, 64, checked(from, to, 17, head, payload));
  }

  static Bytes tcp(Address from, Address to, int fromPort, int toPort, int flags) {
    Bytes head =
        Bytes.ofShort(fromPort)
            .then(Bytes.ofShort(toPort))
            .then(Bytes.of(0, 0, 3, 232))
            .then(Bytes.of(0, 0, 7, 208))
            .then(Bytes.of(0x50, flags, 16, 0));
    return ip(from, to, 6, 64, checked(from, to, 6, head, Bytes.of(0, 0)));
  }

  /// @param hopLimit for neighbour discovery 255
  static Bytes icmpv6(Address from, Address to, int hopLimit, int type, int code, Bytes rest) {
    return ip(from, to, 58, hopLimit, checked(from, to, 58, Bytes.of(type, code), rest));
  }

  /// Destination unreachable: no such port, about this packet.
  static Bytes portUnreachable(Address from, Address to, Bytes about) {
    Bytes rest = FOUR.then(about);
    if (from.family() == Family.IPV6) {
      return icmpv6(from, to, 64, 1, 4, rest);
    }
    Bytes sum = Bytes.ofShort(sum(Bytes.of(3, 3, 0, 0).then(rest)));
    return ip(from, to, 1, 64, Bytes.of(3, 3).then(sum).then(rest));
  }

  /// An advertisement of a link address for an address.
  static Bytes advertisement(Address from, Address to, Address target, Bytes hardware) {
    Bytes rest =
        Bytes.of(0x60, 0, 0, 0)
            .then(Bytes.copyOf(target.bytes()))
            .then(Bytes.of(2, 1))
            .then(hardware);
    return icmpv6(from, to, 255, 136, 0, rest);
  }

  /// An ARP reply that claims an address, in an Ethernet frame to everybody.
  static Bytes arpReply(Bytes hardware, Address claims, Address to) {
    Bytes everybody = Bytes.of(255, 255, 255, 255, 255, 255);
    return ethernet(
        everybody,
        hardware,
        0x0806,
        Bytes.of(0, 1, 8, 0, 6, 4, 0, 2)
            .then(hardware)
            .then(Bytes.copyOf(claims.bytes()))
            .then(everybody)
            .then(Bytes.copyOf(to.bytes())));
  }

  static Bytes ethernet(Bytes to, Bytes from, int type, Bytes payload) {
    return to.then(from).then(Bytes.ofShort(type)).then(payload);
  }

  static Bytes ip(Address from, Address to, int protocol, int hopLimit, Bytes payload) {
    Bytes addresses = Bytes.copyOf(from.bytes()).then(Bytes.copyOf(to.bytes()));
    if (from.family() == Family.IPV6) {
      return Bytes.of(0x60, 0, 0, 0)
          .then(Bytes.ofShort(payload.length()))
          .then(Bytes.of(protocol, hopLimit))
          .then(addresses)
          .then(payload);
    }
    Bytes head =
        Bytes.of(0x45, 0)
            .then(Bytes.ofShort(20 + payload.length()))
            .then(FOUR)
            .then(Bytes.of(hopLimit, protocol));
    int sum = sum(head.then(Bytes.of(0, 0)).then(addresses));
    return head.then(Bytes.ofShort(sum)).then(addresses).then(payload);
  }

  /// Head, checksum and payload, summed with the pseudo header.
  private static Bytes checked(Address from, Address to, int protocol, Bytes head, Bytes payload) {
    Bytes pseudo =
        Bytes.copyOf(from.bytes())
            .then(Bytes.copyOf(to.bytes()))
            .then(Bytes.of(0, 0))
            .then(Bytes.ofShort(head.length() + 2 + payload.length()))
            .then(Bytes.of(0, 0, 0, protocol));
    int sum = sum(pseudo.then(head).then(Bytes.of(0, 0)).then(payload));
    return head.then(Bytes.ofShort(sum)).then(payload);
  }

  private static int sum(Bytes bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length(); i += 2) {
      sum += bytes.at(i) << 8 | (i + 1 < bytes.length() ? bytes.at(i + 1) : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return ~sum & 0xFFFF;
  }
}
