package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The guard of one wire: the pod behind it speaks for its own addresses only.
///
/// The Ethernet type is read from the frame itself, where a VLAN tag shows, so that tagged frames
/// match no rule. On a bridge, neighbours believe what they hear: there the pod also vouches for
/// nobody else in ARP and neighbour discovery, and is no router.
final class Guard {
  private static final int REGISTER = Expression.REGISTER;

  /// Before everything else that hooks in, flow tables among it.
  private static final int FIRST = -500;

  private static final Cidr LINK_LOCAL = Cidr.of("fe80::/10");
  private static final Address NO_IPV4 = Address.of("0.0.0.0");
  private static final Address NO_IPV6 = Address.of("::");
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86DD;
  private static final int ADVERTISEMENT = 136;

  private final String chain;
  private final Wire wire;
  private final List<Address> own4;
  private final List<Address> own6;
  private final List<NftRule> rules = new ArrayList<>();

  private Guard(Wire wire, Set<Address> addresses) {
    this.chain = Names.guard(wire.interfaceName());
    this.wire = wire;
    this.own4 = of(Family.IPV4, addresses);
    this.own6 = of(Family.IPV6, addresses);
  }

  static ChainContent of(Wire wire, Set<Address> addresses) {
    Guard guard = new Guard(wire, addresses);
    guard.ipv4();
    guard.neighboursOnBridge();
    guard.ipv6();
    guard.arp();
    guard.neighbours();
    guard.multicastListeners();
    guard.configuration();
    guard.drop(List.of());
    return new ChainContent(
        NftChain.base(Names.GUARD, guard.chain, Hook.INGRESS, FIRST, List.of(wire.interfaceName())),
        guard.rules);
  }

  private static List<Address> of(Family family, Set<Address> addresses) {
    return addresses.stream().filter(one -> one.family() == family).sorted().toList();
  }

  private void ipv4() {
    own4.forEach(own -> accept(ether(IPV4), source4(own)));
  }

  private void ipv6() {
    own6.forEach(own -> accept(ether(IPV6), source6(own)));
  }

  /// No router, and an advertiser of its own addresses only.
  private void neighboursOnBridge() {
    if (!wire.bridged()) {
      return;
    }
    drop(Matching.all(ether(IPV6), icmpv6(134, 134)));
    drop(Matching.all(ether(IPV6), icmpv6(137, 137)));
    for (List<Expression> target : targets()) {
      accept(ether(IPV6), icmpv6(ADVERTISEMENT, ADVERTISEMENT), target, hopLimit(255));
    }
    drop(Matching.all(ether(IPV6), icmpv6(ADVERTISEMENT, ADVERTISEMENT)));
  }

  private void arp() {
    own4.forEach(own -> accept(ether(ARP), bytes(Header.NETWORK, 14, own)));
    accept(ether(ARP), bytes(Header.NETWORK, 14, NO_IPV4));
  }

  /// From no address yet, or a link-local one; from its own everything passes.
  private void neighbours() {
    accept(ether(IPV6), source6(NO_IPV6), icmpv6(133, 137), hopLimit(255));
    accept(ether(IPV6), linkLocalSource(), icmpv6(133, 137), hopLimit(255));
  }

  /// What the pod may advertise: its addresses, and a link-local one.
  private List<List<Expression>> targets() {
    List<List<Expression>> out = new ArrayList<>();
    own6.forEach(own -> out.add(bytes(Header.TRANSPORT, 8, own)));
    out.add(
        linkLocal()
            .map(own -> bytes(Header.TRANSPORT, 8, own))
            .orElseGet(() -> prefix(Header.TRANSPORT, 8)));
    return out;
  }

  /// Reports, to multicast groups only.
  private void multicastListeners() {
    for (int[] types : new int[][] {{130, 132}, {143, 143}}) {
      accept(
          ether(IPV6),
          List.of(
              new Expression.Payload(Header.NETWORK, 24, 1, REGISTER),
              Matching.equal(Bytes.of(0xFF))),
          icmpv6(types[0], types[1]),
          hopLimit(1));
    }
  }

  /// DHCP, both versions.
  private void configuration() {
    accept(ether(IPV4), source4(NO_IPV4), udp(68, 67));
    accept(ether(IPV6), linkLocalSource(), udp(546, 547));
  }

  private List<Expression> linkLocalSource() {
    return wire.bridged() && linkLocal().isPresent()
        ? source6(linkLocal().get())
        : prefix(Header.NETWORK, 8);
  }

  /// The link-local address that the kernel makes from a link address (EUI-64).
  private Optional<Address> linkLocal() {
    return wire.hardware()
        .filter(mac -> mac.length() == 6)
        .map(mac ->
            Address.ofBytes(
                Bytes.of(0xFE, 0x80, 0, 0, 0, 0, 0, 0)
                    .then(Bytes.of(mac.at(0) ^ 2, mac.at(1), mac.at(2), 0xFF))
                    .then(Bytes.of(0xFE, mac.at(3), mac.at(4), mac.at(5)))
                    .toArray()));
  }

  private static List<Expression> ether(int type) {
    return List.of(
        new Expression.Meta(MetaKey.INPUT_LINK_TYPE, REGISTER),
        Matching.equal(Bytes.ofNativeShort(1)),
        new Expression.Payload(Header.LINK, 12, 2, REGISTER),
        Matching.equal(Bytes.ofShort(type)));
  }

  private static List<Expression> source4(Address address) {
    return bytes(Header.NETWORK, 12, address);
  }

  private static List<Expression> source6(Address address) {
    return bytes(Header.NETWORK, 8, address);
  }

  private static List<Expression> bytes(Header header, int offset, Address address) {
    byte[] value = address.bytes();
    return List.of(
        new Expression.Payload(header, offset, value.length, REGISTER),
        Matching.equal(Bytes.copyOf(value)));
  }

  /// A link-local address at this place.
  private static List<Expression> prefix(Header header, int offset) {
    return List.of(
        new Expression.Payload(header, offset, 16, REGISTER),
        new Expression.Mask(REGISTER, Matching.mask(LINK_LOCAL.prefix(), 16)),
        Matching.equal(Bytes.copyOf(LINK_LOCAL.network().bytes())));
  }

  private static List<Expression> udp(int from, int to) {
    return List.of(
        new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
        Matching.equal(Bytes.of(17)),
        new Expression.Payload(Header.TRANSPORT, 0, 4, REGISTER),
        Matching.equal(Bytes.ofShort(from).then(Bytes.ofShort(to))));
  }

  private static List<Expression> icmpv6(int firstType, int lastType) {
    return Matching.all(
        List.of(
            new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
            Matching.equal(Bytes.of(58)),
            new Expression.Payload(Header.TRANSPORT, 0, 1, REGISTER)),
        Matching.between(Bytes.of(firstType), Bytes.of(lastType)));
  }

  private static List<Expression> hopLimit(int limit) {
    return List.of(
        new Expression.Payload(Header.NETWORK, 7, 1, REGISTER), Matching.equal(Bytes.of(limit)));
  }

  @SafeVarargs
  private void accept(List<Expression>... conditions) {
    rules.add(
        new NftRule(
            Names.GUARD,
            chain,
            Matching.all(
                Matching.all(conditions), List.of(new Expression.Judge(new Verdict.Accept()))),
            ""));
  }

  private void drop(List<Expression> conditions) {
    rules.add(
        new NftRule(
            Names.GUARD,
            chain,
            Matching.all(
                conditions,
                List.of(new Expression.Counter(), new Expression.Judge(new Verdict.Drop()))),
            ""));
  }
}
