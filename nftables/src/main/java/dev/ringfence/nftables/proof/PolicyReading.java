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
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// What the verdict table says of IP packets at one hook.
///
/// A packet with a connection is judged by its ends: egress of who opened it, ingress of the
/// destination. TCP that begins without a SYN, and what conntrack does not follow, must be allowed
/// both ways round. What the node itself sends is free (S95), and what its pods send to it is
/// egress alone (S98). Where connections are kept, what was accepted before passes (S85).
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
  private final Part pods;
  private final Part anew;
  private final Part yes;
  private final Part announced;
  private final Part seen;
  private final Part sctp;
  private final Part opensTcp;
  private final Part opensSctp;

  /// @param changedHands addresses of which accepted connections are judged anew, where any are
  ///   kept
  PolicyReading(
      NodePolicy policy, InetTraffic traffic, DataplaneOptions options, Set<Address> changedHands) {
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
    Set<Address> all = new HashSet<>();
    policy.pods().forEach(pod -> all.addAll(pod.addresses()));
    pods = traffic.opener.domain().among(all);
    anew = traffic.opener.domain().among(changedHands);
    yes = traffic.before.domain().only(Bytes.of(1));
    announced = traffic.expected.domain().only(Bytes.of(1));
    seen = traffic.answered.domain().only(Bytes.of(1));
    sctp = traffic.protocol.domain().only(Bytes.of(132));
    opensTcp = traffic.flags.domain().in(flags(value -> (value & (2 | 16)) == 2));
    opensSctp = traffic.chunk.domain().only(Bytes.of(1));
  }

  /// SYN is set, ACK, RST and FIN are not.
  private static List<Range> synAlone() {
    return flags(value -> (value & 2) != 0 && (value & (1 | 4 | 16)) == 0);
  }

  private static List<Range> flags(IntPredicate which) {
    List<Range> out = new ArrayList<>();
    for (int flags = 0; flags < 256; flags++) {
      if (which.test(flags)) {
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
    left.ifPresent(region -> bySituation(region, sieve, traffic.accepted().isPresent()));
    return sieve.judged();
  }

  /// Those that both sides let pass, whatever was accepted before, once they are answered. What the
  /// node sends itself was not judged, nor was ingress on the way to the node.
  @Override
  public List<Judged> memorable(Region packets) {
    Sieve sieve = new Sieve();
    Optional<Region> left = Optional.of(packets);
    if (!judges || traffic.accepted().isEmpty()) {
      sieve.judge(packets, false, "nothing is judged here");
      return sieve.judged();
    }
    if (traffic.hook() == Hook.OUTPUT) {
      left.flatMap(region -> region.within(traffic.sourceKind, localSource.classes()))
          .ifPresent(free -> sieve.judge(free, false, LOCAL_SOURCE));
      left = left.flatMap(region -> region.without(traffic.sourceKind, localSource.classes()));
    }
    if (traffic.hook() == Hook.INPUT) {
      left.flatMap(region -> region.within(traffic.destination, pods.classes()))
          .ifPresent(pod -> sieve.judge(pod, false, "ingress of a pod is not judged here"));
      left = left.flatMap(region -> region.without(traffic.destination, pods.classes()));
    }
    left.flatMap(region -> region.without(traffic.answered, seen.classes()))
        .ifPresent(alone -> sieve.judge(alone, false, "nobody has answered yet"));
    left.flatMap(region -> region.within(traffic.answered, seen.classes()))
        .ifPresent(region -> bySituation(region, sieve, false));
    return sieve.judged();
  }

  /// Answered connections of the node's pods, that were not accepted before.
  @Override
  public List<Region> toRemember(Region packets) {
    if (!judges || traffic.accepted().isEmpty()) {
      return List.of();
    }
    Optional<Region> fresh =
        packets
            .within(traffic.space().situation(), Situation.tracked())
            .flatMap(region -> region.without(traffic.before, yes.classes()))
            .flatMap(region -> region.within(traffic.answered, seen.classes()));
    if (traffic.hook() == Hook.OUTPUT) {
      fresh = fresh.flatMap(region -> region.without(traffic.sourceKind, localSource.classes()));
    }
    List<Region> out = new ArrayList<>();
    fresh
        .flatMap(region -> region.within(traffic.opener, pods.classes()))
        .flatMap(region ->
            traffic.hook() == Hook.INPUT
                ? region.without(traffic.destination, pods.classes())
                : Optional.of(region))
        .ifPresent(out::add);
    if (traffic.hook() != Hook.INPUT) {
      fresh
          .flatMap(region -> region.within(traffic.destination, pods.classes()))
          .ifPresent(out::add);
    }
    return out;
  }

  /// @param believing whether marks of connections are believed
  private void bySituation(Region packets, Sieve sieve, boolean believing) {
    Field situation = traffic.space().situation();
    BitSet known = Situation.tracked();
    known.andNot(Situation.set(Situation.NEW));
    packets
        .within(situation, known)
        .ifPresent(region -> unlessAccepted(region, sieve, believing, false));
    packets
        .within(situation, Situation.set(Situation.NEW))
        .ifPresent(region -> begins(region, sieve, believing));
    packets
        .within(situation, Situation.set(Situation.UNTRACKED))
        .ifPresent(region -> neighbours(region, sieve).forEach(one -> twice(one, sieve)));
    packets
        .within(situation, Situation.set(Situation.INVALID))
        .ifPresent(region -> neighbours(region, sieve).forEach(one -> invalid(one, sieve)));
  }

  /// A connection that conntrack has just met.
  private void begins(Region packets, Sieve sieve, boolean believing) {
    packets
        .without(traffic.protocol, tcp.classes())
        .ifPresent(region -> unlessAccepted(region, sieve, believing, false));
    packets
        .within(traffic.protocol, tcp.classes())
        .ifPresent(region -> {
          region.within(traffic.flags, cleanStart.classes()).ifPresent(clean -> once(clean, sieve));
          region
              .without(traffic.flags, cleanStart.classes())
              .ifPresent(unsure -> unlessAccepted(unsure, sieve, believing, true));
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

  /// What was accepted before passes, but for what opens another connection, what was announced by
  /// another, and where an end has changed hands.
  ///
  /// @param unsure of whoever opened it, so that it must be allowed as an answer, too
  private void unlessAccepted(Region packets, Sieve sieve, boolean believing, boolean unsure) {
    if (!believing) {
      fully(packets, sieve, unsure);
      return;
    }
    packets
        .without(traffic.before, yes.classes())
        .ifPresent(region -> fully(region, sieve, unsure));
    List<Region> accepted = new ArrayList<>();
    packets
        .within(traffic.before, yes.classes())
        .ifPresent(region -> accepted.addAll(goingOn(region, sieve, unsure)));
    for (Among not :
        List.of(
            new Among(traffic.expected, announced),
            new Among(traffic.opener, anew),
            new Among(traffic.destination, anew))) {
      List<Region> all = List.copyOf(accepted);
      accepted.clear();
      for (Region one : all) {
        BitSet classes = not.values().classes();
        one.within(not.field(), classes).ifPresent(region -> fully(region, sieve, unsure));
        one.without(not.field(), classes).ifPresent(accepted::add);
      }
    }
    accepted.stream()
        .flatMap(one -> unsure ? back(one, sieve).stream() : Stream.of(one))
        .forEach(one -> sieve.judge(one, true, "accepted before"));
  }

  private void fully(Region packets, Sieve sieve, boolean unsure) {
    if (unsure) {
      twice(packets, sieve);
    } else {
      once(packets, sieve);
    }
  }

  /// Judges what opens a connection of TCP or SCTP; an ICMP error never does.
  ///
  /// @return the rest
  private List<Region> goingOn(Region packets, Sieve sieve, boolean unsure) {
    Field situation = traffic.space().situation();
    BitSet errors = Situation.set(Situation.ERROR, Situation.ERROR_REPLY);
    List<Region> rest = new ArrayList<>();
    packets.within(situation, errors).ifPresent(rest::add);
    Optional<Region> others = packets.without(situation, errors);
    for (var opens :
        List.of(
            List.of(new Among(traffic.protocol, tcp), new Among(traffic.flags, opensTcp)),
            List.of(new Among(traffic.protocol, sctp), new Among(traffic.chunk, opensSctp)))) {
      Optional<Region> of = others.flatMap(region -> within(region, opens.getFirst()));
      of.flatMap(region -> within(region, opens.getLast()))
          .ifPresent(region -> fully(region, sieve, unsure));
      of.flatMap(region -> without(region, opens.getLast())).ifPresent(rest::add);
      others = others.flatMap(region -> without(region, opens.getFirst()));
    }
    others.ifPresent(rest::add);
    return rest;
  }

  private static Optional<Region> within(Region packets, Among some) {
    return packets.within(some.field(), some.values().classes());
  }

  private static Optional<Region> without(Region packets, Among some) {
    return packets.without(some.field(), some.values().classes());
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
