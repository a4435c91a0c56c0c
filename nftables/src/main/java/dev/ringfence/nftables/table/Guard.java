package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The guard of one wire: the pod behind it speaks for its own addresses only.
///
/// The Ethernet type is read from the frame itself, where a VLAN tag shows, so that tagged frames
/// match no rule. On a bridge, neighbours believe what they hear: there the pod also vouches for
/// nobody else in ARP and neighbour discovery, and is no router.
final class Guard {
  /// Before everything else that hooks in, flow tables among it.
  private static final int FIRST = -500;

  private static final Address NO_IPV4 = Address.of("0.0.0.0");
  private static final Address NO_IPV6 = Address.of("::");
  private static final int ADVERTISEMENT = 136;

  private final String chain;
  private final Wire wire;
  private final List<Address> own4;
  private final List<Address> own6;
  private final List<NftRule> rules = new ArrayList<>();

  private Guard(Wire wire, Collection<Address> addresses) {
    this.chain = Names.guard(wire.interfaceName());
    this.wire = wire;
    this.own4 = Frames.of(Family.IPV4, addresses);
    this.own6 = Frames.of(Family.IPV6, addresses);
  }

  static ChainContent of(Wire wire, Collection<Address> addresses) {
    Guard guard = new Guard(wire, addresses);
    guard.linkAddress();
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

  /// On a bridge, who sends from another's link address gets what is meant for the other; and the
  /// other's wire would be looked for here.
  private void linkAddress() {
    if (wire.bridged()) {
      hardware().ifPresent(own -> drop(Frames.notFrom(own)));
    }
  }

  private void ipv4() {
    own4.forEach(own -> accept(Frames.ether(Frames.IPV4), Frames.source4(own)));
  }

  private void ipv6() {
    own6.forEach(own -> accept(Frames.ether(Frames.IPV6), Frames.source6(own)));
  }

  /// No router, and an advertiser of its own addresses only.
  private void neighboursOnBridge() {
    if (!wire.bridged()) {
      return;
    }
    drop(Matching.all(Frames.ether(Frames.IPV6), Frames.icmpv6(134, 134)));
    drop(Matching.all(Frames.ether(Frames.IPV6), Frames.icmpv6(137, 137)));
    for (List<Expression> target : targets()) {
      for (List<Expression> option : options()) {
        accept(
            Frames.ether(Frames.IPV6),
            Frames.icmpv6(ADVERTISEMENT, ADVERTISEMENT),
            target,
            option,
            Frames.hopLimit(255));
      }
    }
    drop(Matching.all(Frames.ether(Frames.IPV6), Frames.icmpv6(ADVERTISEMENT, ADVERTISEMENT)));
  }

  private void arp() {
    own4.forEach(own -> accept(Frames.ether(Frames.ARP), Frames.bytes(Header.NETWORK, 14, own)));
    accept(Frames.ether(Frames.ARP), Frames.bytes(Header.NETWORK, 14, NO_IPV4));
  }

  /// From no address yet, or a link-local one; from its own everything passes.
  private void neighbours() {
    accept(
        Frames.ether(Frames.IPV6),
        Frames.source6(NO_IPV6),
        Frames.icmpv6(133, 137),
        Frames.hopLimit(255));
    accept(
        Frames.ether(Frames.IPV6),
        linkLocalSource(),
        Frames.icmpv6(133, 137),
        Frames.hopLimit(255));
  }

  /// What the pod may advertise: its addresses, and a link-local one.
  private List<List<Expression>> targets() {
    List<List<Expression>> out = new ArrayList<>();
    own6.forEach(own -> out.add(Frames.bytes(Header.TRANSPORT, 8, own)));
    out.add(
        linkLocal()
            .map(own -> Frames.bytes(Header.TRANSPORT, 8, own))
            .orElseGet(() -> Frames.prefix(Header.TRANSPORT, 8)));
    return out;
  }

  /// What an advertisement may say of the pod's link address: nothing, or that it is its own.
  private List<List<Expression>> options() {
    return List.of(
        Frames.icmpv6OfLength(24),
        Matching.all(
            Frames.icmpv6OfLength(32), hardware().map(Frames::targetOption).orElse(List.of())));
  }

  /// Reports, to multicast groups only.
  private void multicastListeners() {
    for (int[] types : new int[][] {{130, 132}, {143, 143}}) {
      accept(
          Frames.ether(Frames.IPV6),
          Frames.multicast6(),
          Frames.icmpv6(types[0], types[1]),
          Frames.hopLimit(1));
    }
  }

  /// DHCP, both versions.
  private void configuration() {
    accept(Frames.ether(Frames.IPV4), Frames.source4(NO_IPV4), Frames.udp(68, 67));
    accept(Frames.ether(Frames.IPV6), linkLocalSource(), Frames.udp(546, 547));
  }

  private List<Expression> linkLocalSource() {
    return wire.bridged() && linkLocal().isPresent()
        ? Frames.source6(linkLocal().get())
        : Frames.prefix(Header.NETWORK, 8);
  }

  private Optional<Bytes> hardware() {
    return wire.hardware().filter(mac -> mac.length() == 6);
  }

  /// The link-local address that the kernel makes from a link address (EUI-64).
  private Optional<Address> linkLocal() {
    return hardware()
        .map(mac ->
            Address.ofBytes(
                Bytes.of(0xFE, 0x80, 0, 0, 0, 0, 0, 0)
                    .then(Bytes.of(mac.at(0) ^ 2, mac.at(1), mac.at(2), 0xFF))
                    .then(Bytes.of(0xFE, mac.at(3), mac.at(4), mac.at(5)))
                    .toArray()));
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
