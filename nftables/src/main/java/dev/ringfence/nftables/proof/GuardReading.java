package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.proof.Test.Among;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a pod may send on its wire: what comes from its own addresses, and what it takes to get and
/// to keep them. On a bridge it speaks in neighbour discovery for nobody else either.
final class GuardReading implements Reading {
  private static final String BORROWED = "not from an address of the pod";
  private static final List<Range> LINK_LOCAL = List.of(range(Cidr.of("fe80::/10").range()));

  private final FrameTraffic traffic;
  private final Optional<Bytes> hardware;
  private final boolean bridged;
  private final Among own4;
  private final Among own6;
  private final Among arpOwn;
  private final Among noSource4;
  private final Among linkLocal;
  private final Among noOrLinkLocal;
  private final Among udp;
  private final Among icmpv6;
  private final Among dhcp4From;
  private final Among dhcp4To;
  private final Among dhcp6From;
  private final Among dhcp6To;
  private final Among discovery;
  private final Among routers;
  private final Among advertisement;
  private final Among listener;
  private final Among multicast;
  private final Among hops255;
  private final Among hops1;
  private final Among ownTarget;
  private final Among length24;
  private final Among length32;
  private final Among straight;
  private final Among ownOption;
  private final Among ownLink;

  GuardReading(FrameTraffic traffic, Wire wire, Collection<Address> addresses) {
    this.traffic = traffic;
    this.bridged = wire.bridged();
    this.hardware = wire.hardware().filter(mac -> mac.length() == 6);
    Optional<Bytes> own = hardware.map(GuardReading::linkLocalOf);
    List<Range> v4 = ranges(addresses, Family.IPV4);
    List<Range> v6 = ranges(addresses, Family.IPV6);
    List<Range> ownLinkLocal = own.map(one -> List.of(Range.only(one))).orElse(LINK_LOCAL);
    List<Range> sourceLinkLocal = bridged ? ownLinkLocal : LINK_LOCAL;
    own4 = in(traffic.source4, v4);
    own6 = in(traffic.source6, v6);
    arpOwn = in(traffic.arpSender, with(v4, Range.only(Bytes.of(0, 0, 0, 0))));
    noSource4 = in(traffic.source4, List.of(Range.only(Bytes.of(0, 0, 0, 0))));
    linkLocal = in(traffic.source6, sourceLinkLocal);
    noOrLinkLocal =
        in(traffic.source6, with(sourceLinkLocal, Range.only(Bytes.copyOf(new byte[16]))));
    udp = number(traffic.protocol, 17);
    icmpv6 = number(traffic.protocol, 58);
    dhcp4From = number(traffic.fromPort, 68);
    dhcp4To = number(traffic.toPort, 67);
    dhcp6From = number(traffic.fromPort, 546);
    dhcp6To = number(traffic.toPort, 547);
    discovery = in(traffic.type, Icmpv6.DISCOVERY);
    routers = in(traffic.type, List.of(Range.only(Bytes.of(134)), Range.only(Bytes.of(137))));
    advertisement = number(traffic.type, 136);
    listener = in(traffic.type, Icmpv6.LISTENER);
    multicast = in(traffic.destination6, List.of(Range.only(Bytes.of(0xFF)).ofLength(16)));
    hops255 = number(traffic.hopLimit, 255);
    hops1 = number(traffic.hopLimit, 1);
    ownTarget = in(traffic.target, concat(v6, ownLinkLocal));
    length24 = number(traffic.length6, 24);
    length32 = number(traffic.length6, 32);
    straight = number(traffic.nextHeader, 58);
    ownOption =
        in(
            traffic.option,
            hardware.map(mac -> List.of(Range.only(Bytes.of(2, 1).then(mac)))).orElse(List.of()));
    ownLink =
        in(traffic.linkSource, hardware.map(mac -> List.of(Range.only(mac))).orElse(List.of()));
  }

  private static Among in(Field field, List<Range> values) {
    return new Among(field, field.domain().in(values));
  }

  private static Among number(Field field, int value) {
    Bytes bytes = field.domain().length() == 1 ? Bytes.of(value) : Bytes.ofShort(value);
    return in(field, List.of(Range.only(bytes)));
  }

  static List<Range> ranges(Collection<Address> addresses, Family family) {
    return addresses.stream()
        .filter(one -> one.family() == family)
        .map(one -> Range.only(Bytes.copyOf(one.bytes())))
        .toList();
  }

  private static Range range(AddressRange range) {
    return new Range(Bytes.copyOf(range.first().bytes()), Bytes.copyOf(range.last().bytes()));
  }

  private static List<Range> with(List<Range> ranges, Range more) {
    return concat(ranges, List.of(more));
  }

  private static List<Range> concat(List<Range> some, List<Range> more) {
    List<Range> out = new ArrayList<>(some);
    out.addAll(more);
    return out;
  }

  /// What autoconfiguration makes of a link address (RFC 4291, appendix A).
  private static Bytes linkLocalOf(Bytes mac) {
    return Bytes.of(0xFE, 0x80, 0, 0, 0, 0, 0, 0)
        .then(Bytes.of(mac.at(0) ^ 0x02, mac.at(1), mac.at(2)))
        .then(Bytes.of(0xFF, 0xFE))
        .then(Bytes.of(mac.at(3), mac.at(4), mac.at(5)));
  }

  @Override
  public List<Judged> of(Region packets) {
    Sieve sieve = new Sieve();
    List<Region> left = List.of(packets);
    if (bridged && hardware.isPresent()) {
      left = otherLink(left, sieve);
    }
    for (Region region : left) {
      kind(region, FrameKind.IPV4).ifPresent(one -> ipv4(one, sieve));
      kind(region, FrameKind.ARP)
          .ifPresent(one -> refuse(sieve.take(List.of(one), true, "ARP", arpOwn), sieve));
      kind(region, FrameKind.IPV6).ifPresent(one -> ipv6(one, sieve));
      region
          .without(
              traffic.space().situation(),
              FrameKind.set(FrameKind.IPV4, FrameKind.ARP, FrameKind.IPV6))
          .ifPresent(one -> sieve.judge(one, false, "neither plain IP nor ARP"));
    }
    return sieve.judged();
  }

  private List<Region> otherLink(List<Region> packets, Sieve sieve) {
    List<Region> own = new ArrayList<>();
    for (Region region : packets) {
      region.within(ownLink.field(), ownLink.values().classes()).ifPresent(own::add);
      region
          .without(ownLink.field(), ownLink.values().classes())
          .ifPresent(one -> sieve.judge(one, false, "not from the pod's link address"));
    }
    return own;
  }

  private Optional<Region> kind(Region region, FrameKind kind) {
    return region.within(traffic.space().situation(), FrameKind.set(kind));
  }

  private static void refuse(List<Region> packets, Sieve sieve) {
    packets.forEach(one -> sieve.judge(one, false, BORROWED));
  }

  private void ipv4(Region packets, Sieve sieve) {
    List<Region> left = sieve.take(List.of(packets), true, "from the pod's address", own4);
    refuse(sieve.take(left, true, "DHCP", noSource4, udp, dhcp4From, dhcp4To), sieve);
  }

  private void ipv6(Region packets, Sieve sieve) {
    List<Region> left = List.of(packets);
    if (bridged) {
      left = sieve.take(left, false, "a pod is no router", icmpv6, routers);
      left = advertisements(left, sieve);
    }
    left = sieve.take(left, true, "from the pod's address", own6);
    left = sieve.take(left, true, "neighbour discovery", noOrLinkLocal, icmpv6, discovery, hops255);
    left = sieve.take(left, true, "MLD", multicast, icmpv6, listener, hops1);
    refuse(sieve.take(left, true, "DHCPv6", linkLocal, udp, dhcp6From, dhcp6To), sieve);
  }

  /// Of its own addresses, saying nothing of a link address or its own.
  private List<Region> advertisements(List<Region> packets, Sieve sieve) {
    String own = "an advertisement of an own address";
    List<Region> left =
        sieve.take(
            packets, true, own, icmpv6, advertisement, hops255, straight, ownTarget, length24);
    left =
        hardware.isPresent()
            ? sieve.take(
                left,
                true,
                own,
                icmpv6,
                advertisement,
                hops255,
                straight,
                ownTarget,
                length32,
                ownOption)
            : sieve.take(
                left, true, own, icmpv6, advertisement, hops255, straight, ownTarget, length32);
    return sieve.take(left, false, "an advertisement of others", icmpv6, advertisement);
  }
}
