package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.proof.Test.Among;
import dev.ringfence.nftables.table.DataplaneOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the verdict table says of IP packets at one hook.
///
/// A packet with a connection is judged by its ends: egress of who opened it, ingress of the
/// destination. TCP that begins without a SYN, and what conntrack does not follow, must be allowed
/// both ways round. What the node itself sends is free (S95), and what its pods send to it is
/// egress alone (S98).
final class PolicyReading implements Reading {
  private static final String LOCAL_SOURCE = "what the node itself sends is free";

  private final InetTraffic traffic;
  private final boolean judges;
  private final SideReading egress;
  private final SideReading ingress;
  private final Part isolated;
  private final PortReading.All ports;
  private final Part tcp;
  private final Part icmpv6;
  private final Part cleanStart;
  private final Part discovery;
  private final Part listener;
  private final Part hops255;
  private final Part hops1;
  private final Part multicast;
  private final Part localSource;

  PolicyReading(NodePolicy policy, InetTraffic traffic, DataplaneOptions options) {
    this.traffic = traffic;
    this.judges =
        switch (traffic.hook()) {
          case FORWARD, OUTPUT -> true;
          case INPUT -> !options.ownNodeEgress();
          case PREROUTING, POSTROUTING, INGRESS, EGRESS -> false;
        };
    this.ports = new PortReading.All(traffic);
    policy.pods().forEach(pod -> traffic.opener.domain().first(pod.addresses()));
    this.egress = new SideReading(Direction.EGRESS, policy, traffic, ports);
    this.ingress = new SideReading(Direction.INGRESS, policy, traffic, ports);
    Set<Address> either = new HashSet<>(egress.subjects());
    either.addAll(ingress.subjects());
    this.isolated = traffic.opener.domain().among(either);
    tcp = traffic.protocol.domain().only(Bytes.of(6));
    icmpv6 = traffic.protocol.domain().only(Bytes.of(58));
    cleanStart = traffic.flags.domain().in(synAlone());
    discovery = traffic.type.domain().in(Icmpv6.DISCOVERY);
    listener = traffic.type.domain().in(Icmpv6.LISTENER);
    hops255 = traffic.hopLimit.domain().only(Bytes.of(255));
    hops1 = traffic.hopLimit.domain().only(Bytes.of(1));
    multicast =
        traffic
            .destination
            .domain()
            .in(List.of(Range.only(Bytes.of(0xFF)).ofLength(traffic.family().bits() / 8)));
    localSource = traffic.sourceKind.domain().only(Bytes.ofNativeInt(2));
  }

  /// SYN is set, ACK, RST and FIN are not.
  private static List<Range> synAlone() {
    List<Range> out = new ArrayList<>();
    for (int flags = 0; flags < 256; flags++) {
      if ((flags & 2) != 0 && (flags & (1 | 4 | 16)) == 0) {
        out.add(Range.only(Bytes.of(flags)));
      }
    }
    return out;
  }

  @Override
  public List<Judged> of(Region packets) {
    Sieve sieve = new Sieve();
    if (!judges) {
      sieve.judge(packets, true, "nothing is judged at this hook");
      return sieve.judged();
    }
    Optional<Region> left = Optional.of(packets);
    if (traffic.hook() == Hook.OUTPUT) {
      left.flatMap(region -> region.within(traffic.sourceKind, localSource.classes()))
          .ifPresent(free -> sieve.judge(free, true, LOCAL_SOURCE));
      left = left.flatMap(region -> region.without(traffic.sourceKind, localSource.classes()));
    }
    left.ifPresent(region -> bySituation(region, sieve));
    return sieve.judged();
  }

  private void bySituation(Region packets, Sieve sieve) {
    Field situation = traffic.space().situation();
    BitSet known = Situation.tracked();
    known.andNot(Situation.set(Situation.NEW));
    packets.within(situation, known).ifPresent(region -> once(region, sieve));
    packets
        .within(situation, Situation.set(Situation.NEW))
        .ifPresent(region -> begins(region, sieve));
    packets
        .within(situation, Situation.set(Situation.UNTRACKED))
        .ifPresent(region -> neighbours(region, sieve).forEach(one -> twice(one, sieve)));
    packets
        .within(situation, Situation.set(Situation.INVALID))
        .ifPresent(region -> neighbours(region, sieve).forEach(one -> invalid(one, sieve)));
  }

  /// A connection that conntrack has just met.
  private void begins(Region packets, Sieve sieve) {
    packets.without(traffic.protocol, tcp.classes()).ifPresent(region -> once(region, sieve));
    packets
        .within(traffic.protocol, tcp.classes())
        .ifPresent(region -> {
          region.within(traffic.flags, cleanStart.classes()).ifPresent(clean -> once(clean, sieve));
          region
              .without(traffic.flags, cleanStart.classes())
              .ifPresent(unsure -> twice(unsure, sieve));
        });
  }

  /// Neighbour discovery and MLD pass (S73), if they cannot have come from further away.
  ///
  /// @return the rest
  private List<Region> neighbours(Region packets, Sieve sieve) {
    if (traffic.family() == Family.IPV4) {
      return List.of(packets);
    }
    String why = "neighbour discovery and MLD pass";
    List<Region> rest =
        sieve.take(
            List.of(packets),
            true,
            why,
            new Among(traffic.protocol, icmpv6),
            new Among(traffic.type, discovery),
            new Among(traffic.hopLimit, hops255));
    return sieve.take(
        rest,
        true,
        why,
        new Among(traffic.protocol, icmpv6),
        new Among(traffic.type, listener),
        new Among(traffic.hopLimit, hops1),
        new Among(traffic.destination, multicast));
  }

  private void invalid(Region packets, Sieve sieve) {
    String why = "an invalid packet of an isolated pod";
    packets
        .within(traffic.opener, isolated.classes())
        .ifPresent(region -> sieve.judge(region, false, why));
    Optional<Region> left = packets.without(traffic.opener, isolated.classes());
    if (traffic.hook() != Hook.INPUT) {
      left.flatMap(region -> region.within(traffic.destination, isolated.classes()))
          .ifPresent(region -> sieve.judge(region, false, why));
      left = left.flatMap(region -> region.without(traffic.destination, isolated.classes()));
    }
    left.ifPresent(region -> sieve.judge(region, true, "an invalid packet of nobody isolated"));
  }

  private void once(Region packets, Sieve sieve) {
    there(packets, sieve).forEach(region -> sieve.judge(region, true, "allowed"));
  }

  private void twice(Region packets, Sieve sieve) {
    for (Region region : there(packets, sieve)) {
      back(region, sieve).forEach(one -> sieve.judge(one, true, "allowed both ways"));
    }
  }

  /// @return what is allowed as the packets' ends have it
  private List<Region> there(Region packets, Sieve sieve) {
    Field from = traffic.opener;
    Field to = traffic.destination;
    List<Region> out = egress.lets(packets, from, to, traffic.port, sieve);
    return traffic.hook() == Hook.INPUT ? out : side(ingress, out, to, from, traffic.port, sieve);
  }

  /// @return what is allowed if the destination opened the connection; from its own node a pod may
  ///   always be reached
  private List<Region> back(Region packets, Sieve sieve) {
    if (traffic.hook() == Hook.INPUT) {
      return List.of(packets);
    }
    Field from = traffic.destination;
    Field to = traffic.opener;
    List<Region> out = egress.lets(packets, from, to, traffic.openerPort, sieve);
    return side(ingress, out, to, from, traffic.openerPort, sieve);
  }

  private static List<Region> side(
      SideReading side, List<Region> packets, Field subject, Field peer, Field port, Sieve sieve) {
    return packets.stream()
        .flatMap(one -> side.lets(one, subject, peer, port, sieve).stream())
        .toList();
  }
}
