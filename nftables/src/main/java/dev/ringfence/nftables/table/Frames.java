package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import java.util.Collection;
import java.util.List;

/// Conditions on frames of a pod's wire.
final class Frames {
  static final int IPV4 = 0x0800;
  static final int ARP = 0x0806;
  static final int IPV6 = 0x86DD;

  private static final int REGISTER = Expression.REGISTER;
  private static final Cidr LINK_LOCAL = Cidr.of("fe80::/10");

  private Frames() {}

  static List<Address> of(Family family, Collection<Address> addresses) {
    return addresses.stream().filter(one -> one.family() == family).sorted().toList();
  }

  /// The Ethernet type in the frame itself, which is that of a VLAN tag if there is one.
  static List<Expression> ether(int type) {
    return List.of(
        new Expression.Meta(MetaKey.INPUT_LINK_TYPE, REGISTER),
        Matching.equal(Bytes.ofNativeShort(1)),
        new Expression.Payload(Header.LINK, 12, 2, REGISTER),
        Matching.equal(Bytes.ofShort(type)));
  }

  /// The frame's own source is another link address than this.
  static List<Expression> notFrom(Bytes hardware) {
    return List.of(
        new Expression.Meta(MetaKey.INPUT_LINK_TYPE, REGISTER),
        Matching.equal(Bytes.ofNativeShort(1)),
        new Expression.Payload(Header.LINK, 6, 6, REGISTER),
        Matching.notEqual(hardware));
  }

  static List<Expression> source4(Address address) {
    return bytes(Header.NETWORK, 12, address);
  }

  static List<Expression> source6(Address address) {
    return bytes(Header.NETWORK, 8, address);
  }

  static List<Expression> bytes(Header header, int offset, Address address) {
    byte[] value = address.bytes();
    return List.of(
        new Expression.Payload(header, offset, value.length, REGISTER),
        Matching.equal(Bytes.copyOf(value)));
  }

  /// A link-local address at this place.
  static List<Expression> prefix(Header header, int offset) {
    return List.of(
        new Expression.Payload(header, offset, 16, REGISTER),
        new Expression.Mask(REGISTER, Matching.mask(LINK_LOCAL.prefix(), 16)),
        Matching.equal(Bytes.copyOf(LINK_LOCAL.network().bytes())));
  }

  static List<Expression> udp(int from, int to) {
    return List.of(
        new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
        Matching.equal(Bytes.of(17)),
        new Expression.Payload(Header.TRANSPORT, 0, 4, REGISTER),
        Matching.equal(Bytes.ofShort(from).then(Bytes.ofShort(to))));
  }

  static List<Expression> icmpv6(int firstType, int lastType) {
    return Matching.all(
        List.of(
            new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
            Matching.equal(Bytes.of(58)),
            new Expression.Payload(Header.TRANSPORT, 0, 1, REGISTER)),
        Matching.between(Bytes.of(firstType), Bytes.of(lastType)));
  }

  /// An ICMPv6 message of this length, right behind the IPv6 header.
  static List<Expression> icmpv6OfLength(int bytes) {
    return List.of(
        new Expression.Payload(Header.NETWORK, 4, 2, REGISTER),
        Matching.equal(Bytes.ofShort(bytes)),
        new Expression.Payload(Header.NETWORK, 6, 1, REGISTER),
        Matching.equal(Bytes.of(58)));
  }

  /// The first option of an advertisement says that the target is at this link address.
  static List<Expression> targetOption(Bytes hardware) {
    return List.of(
        new Expression.Payload(Header.TRANSPORT, 24, 8, REGISTER),
        Matching.equal(Bytes.of(2, 1).then(hardware)));
  }

  static List<Expression> hopLimit(int limit) {
    return List.of(
        new Expression.Payload(Header.NETWORK, 7, 1, REGISTER), Matching.equal(Bytes.of(limit)));
  }

  /// The protocol that the kernel takes the frame for.
  static List<Expression> protocol(int type) {
    return List.of(
        new Expression.Meta(MetaKey.ETHER_TYPE, REGISTER), Matching.equal(Bytes.ofShort(type)));
  }

  static List<Expression> destination4(Address address) {
    return bytes(Header.NETWORK, 16, address);
  }

  static List<Expression> destination6(Address address) {
    return bytes(Header.NETWORK, 24, address);
  }

  /// To any multicast group.
  static List<Expression> multicast6() {
    return List.of(
        new Expression.Payload(Header.NETWORK, 24, 1, REGISTER), Matching.equal(Bytes.of(0xFF)));
  }
}
