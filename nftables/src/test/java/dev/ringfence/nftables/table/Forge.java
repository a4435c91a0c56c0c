package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Packets as an attacker would write them, checksums and all.
public final class Forge {
  public static final int TCP_SYN = 0x02;
  public static final int TCP_ACK = 0x10;
  public static final int TCP_SYN_ACK = 0x12;
  private static final Bytes FOUR = Bytes.of(0, 0, 0, 0);

  private Forge() {}

  static Bytes udp(Address from, Address to, int fromPort, int toPort, String text) {
    return ip(from, to, 17, 64, udpDatagram(from, to, fromPort, toPort, text));
  }

  public static Bytes udpDatagram(Address from, Address to, int fromPort, int toPort, String text) {
    Bytes payload = Bytes.ofText(text, text.length());
    Bytes head =
        Bytes.ofShort(fromPort)
            .then(Bytes.ofShort(toPort))
            .then(Bytes.ofShort(8 + payload.length()));
    return checked(from, to, 17, head, payload);
  }

  static Bytes tcp(Address from, Address to, int fromPort, int toPort, int flags) {
    return ip(from, to, 6, 64, tcpSegment(from, to, fromPort, toPort, flags));
  }

  public static Bytes tcpSegment(Address from, Address to, int fromPort, int toPort, int flags) {
    Bytes head =
        Bytes.ofShort(fromPort)
            .then(Bytes.ofShort(toPort))
            .then(Bytes.of(0, 0, 3, 232))
            .then(Bytes.of(0, 0, 7, 208))
            .then(Bytes.of(0x50, flags, 16, 0));
    return checked(from, to, 6, head, Bytes.of(0, 0));
  }

  /// The chunk that comes so far into the opening of an association: INIT, INIT ACK, COOKIE ECHO.
  public static Bytes sctp(int fromPort, int toPort, int stage) {
    Bytes tag = stage == 0 ? FOUR : Bytes.of(0, 0, 0, stage == 1 ? 1 : 2);
    Bytes own = Bytes.of(0, 0, 0, stage == 0 ? 1 : 2);
    Bytes start = own.then(Bytes.of(0, 0, 64, 0, 0, 1, 0, 1)).then(own);
    Bytes chunk =
        switch (stage) {
          case 0 -> Bytes.of(1, 0, 0, 20).then(start);
          case 1 -> Bytes.of(2, 0, 0, 28).then(start).then(Bytes.of(0, 7, 0, 8, 1, 2, 3, 4));
          default -> Bytes.of(10, 0, 0, 8, 1, 2, 3, 4);
        };
    Bytes ports = Bytes.ofShort(fromPort).then(Bytes.ofShort(toPort));
    CRC32C sum = new CRC32C();
    sum.update(ports.then(tag).then(FOUR).then(chunk).toArray());
    Bytes checksum = Bytes.ofNativeInt((int) sum.getValue());
    return ports.then(tag).then(checksum).then(chunk);
  }

  /// An ICMP message of the family's own kind, with the number of a question and its answer.
  public static Bytes icmp(Address from, Address to, int type) {
    return icmp(from, to, type, Bytes.of(0x52, 0x46, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8));
  }

  /// An ICMP message about a packet.
  public static Bytes icmpAbout(Address from, Address to, int type, Bytes about) {
    return icmp(from, to, type, FOUR.then(about));
  }

  private static Bytes icmp(Address from, Address to, int type, Bytes rest) {
    Bytes head = Bytes.of(type, 0);
    if (from.family() == Family.IPV6) {
      return checked(from, to, 58, head, rest);
    }
    return head.then(Bytes.ofShort(sum(head.then(Bytes.of(0, 0)).then(rest)))).then(rest);
  }

  /// So short, or so wrong about its length, that conntrack does not take it for a packet of its
  /// protocol; what rules look at is still there.
  public static Bytes cutShort(Bytes transport, int protocol) {
    byte[] bytes = transport.toArray();
    switch (protocol) {
      case 6 -> bytes[12] = (byte) 0xF0; // a header longer than the packet
      case 17 -> bytes[4] = (byte) 0xFF; // likewise
      case 1, 58 -> bytes = Arrays.copyOf(bytes, 4);
      default -> bytes = Arrays.copyOf(bytes, 8);
    }
    return Bytes.copyOf(bytes);
  }

  /// The same IP packet, with a number to know it by: its identification, or its flow label.
  public static Bytes numbered(Bytes packet, int number) {
    byte[] bytes = packet.toArray();
    boolean v4 = packet.at(0) >> 4 == 4;
    int at = v4 ? 4 : 2;
    bytes[at] = (byte) (number >> 8);
    bytes[at + 1] = (byte) number;
    if (v4) {
      bytes[10] = 0;
      bytes[11] = 0;
      int sum = sum(Bytes.copyOf(Arrays.copyOf(bytes, 20)));
      bytes[10] = (byte) (sum >> 8);
      bytes[11] = (byte) sum;
    }
    return Bytes.copyOf(bytes);
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

  public static Bytes ethernet(Bytes to, Bytes from, int type, Bytes payload) {
    return to.then(from).then(Bytes.ofShort(type)).then(payload);
  }

  public static Bytes ip(Address from, Address to, int protocol, int hopLimit, Bytes payload) {
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
