package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.proof.Test.Among;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/// What a bridge may deliver to a pod whose ingress is isolated: what is addressed to it, and what
/// it takes to have the address.
final class DeliveryReading implements Reading {
  private final FrameTraffic traffic;
  private final Among own4;
  private final Among own6;
  private final Among udp;
  private final Among icmpv6;
  private final Among discovery;
  private final Among listener;
  private final Among hops255;
  private final Among hops1;

  DeliveryReading(FrameTraffic traffic, Collection<Address> addresses) {
    this.traffic = traffic;
    own4 = in(traffic.destination4, GuardReading.ranges(addresses, Family.IPV4));
    own6 = in(traffic.destination6, GuardReading.ranges(addresses, Family.IPV6));
    udp = in(traffic.protocol, List.of(Range.only(Bytes.of(17))));
    icmpv6 = in(traffic.protocol, List.of(Range.only(Bytes.of(58))));
    discovery = in(traffic.type, Icmpv6.DISCOVERY);
    listener = in(traffic.type, Icmpv6.LISTENER);
    hops255 = in(traffic.hopLimit, List.of(Range.only(Bytes.of(255))));
    hops1 = in(traffic.hopLimit, List.of(Range.only(Bytes.of(1))));
    answer4From = port(traffic.fromPort, 67);
    answer4To = port(traffic.toPort, 68);
    answer6From = port(traffic.fromPort, 547);
    answer6To = port(traffic.toPort, 546);
  }

  private final Among answer4From;
  private final Among answer4To;
  private final Among answer6From;
  private final Among answer6To;

  private static Among in(Field field, List<Range> values) {
    return new Among(field, field.domain().in(values));
  }

  private static Among port(Field field, int number) {
    return in(field, List.of(Range.only(Bytes.ofShort(number))));
  }

  @Override
  public List<Judged> of(Region packets) {
    Sieve sieve = new Sieve();
    ofKind(packets, FrameKind.set(FrameKind.IPV4, FrameKind.TAGGED_IPV4), sieve, this::ipv4);
    ofKind(packets, FrameKind.set(FrameKind.IPV6, FrameKind.TAGGED_IPV6), sieve, this::ipv6);
    packets
        .within(traffic.space().situation(), FrameKind.set(FrameKind.ARP, FrameKind.TAGGED_ARP))
        .ifPresent(one -> sieve.judge(one, true, "ARP"));
    packets
        .within(traffic.space().situation(), FrameKind.set(FrameKind.OTHER, FrameKind.NO_ETHERNET))
        .ifPresent(one -> sieve.judge(one, false, "neither IP nor ARP"));
    return sieve.judged();
  }

  private interface OfKind {
    List<Region> judge(List<Region> packets, Sieve sieve);
  }

  private void ofKind(Region packets, BitSet kinds, Sieve sieve, OfKind rules) {
    packets
        .within(traffic.space().situation(), kinds)
        .ifPresent(one ->
            rules
                .judge(List.of(one), sieve)
                .forEach(rest -> sieve.judge(rest, false, "not addressed to the pod")));
  }

  private List<Region> ipv4(List<Region> packets, Sieve sieve) {
    List<Region> left = sieve.take(packets, true, "addressed to the pod", own4);
    return sieve.take(left, true, "an answer of DHCP", udp, answer4From, answer4To);
  }

  private List<Region> ipv6(List<Region> packets, Sieve sieve) {
    List<Region> left = sieve.take(packets, true, "addressed to the pod", own6);
    left = sieve.take(left, true, "neighbour discovery", icmpv6, discovery, hops255);
    left = sieve.take(left, true, "MLD", icmpv6, listener, hops1);
    return sieve.take(left, true, "an answer of DHCPv6", udp, answer6From, answer6To);
  }
}
