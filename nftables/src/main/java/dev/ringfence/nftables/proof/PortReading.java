package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Which packets a [PortSet] lets through.
///
/// A set that holds every port of a protocol also holds what has no port, such as a fragment, and
/// port 0; one that holds everything holds what has no protocol either.
final class PortReading {
  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private final InetTraffic traffic;
  private final PortSet ports;
  private final Map<Protocol, Part> ranges = new EnumMap<>(Protocol.class);
  private final Map<Protocol, Part> protocols = new EnumMap<>(Protocol.class);

  PortReading(InetTraffic traffic, PortSet ports) {
    this.traffic = traffic;
    this.ports = ports;
    for (Protocol protocol : WITH_PORTS) {
      protocols.put(protocol, traffic.protocol.domain().only(number(protocol)));
      ranges.put(protocol, traffic.port.domain().in(ranges(ports.ranges(protocol))));
    }
  }

  private static List<Range> ranges(List<PortRange> of) {
    return of.stream()
        .map(one -> new Range(Bytes.ofShort(one.first()), Bytes.ofShort(one.last())))
        .toList();
  }

  private static Bytes number(Protocol protocol) {
    return switch (protocol) {
      case TCP -> Bytes.of(6);
      case UDP -> Bytes.of(17);
      case SCTP -> Bytes.of(132);
      case OTHER -> throw new IllegalArgumentException("many protocols");
    };
  }

  /// Deals packets out by their protocol and port.
  ///
  /// @param port whose number counts: the destination's
  void split(Region packets, Field port, Consumer<Region> allowed, Consumer<Region> denied) {
    if (ports.isAll()) {
      allowed.accept(packets);
      return;
    }
    if (ports.isNone()) {
      denied.accept(packets);
      return;
    }
    Optional<Region> left = Optional.of(packets);
    for (Protocol protocol : WITH_PORTS) {
      Part same = of(protocols, protocol);
      left.flatMap(region -> region.within(traffic.protocol, same.classes()))
          .ifPresent(region -> split(protocol, region, port, allowed, denied));
      left = left.flatMap(region -> region.without(traffic.protocol, same.classes()));
    }
    left.flatMap(region -> region.within(traffic.protocol, traffic.hasProtocol()))
        .ifPresent(ports.other() ? allowed : denied);
    left.flatMap(region -> region.without(traffic.protocol, traffic.hasProtocol()))
        .ifPresent(denied);
  }

  private void split(
      Protocol protocol,
      Region packets,
      Field port,
      Consumer<Region> allowed,
      Consumer<Region> denied) {
    if (ports.ranges(protocol).equals(List.of(PortRange.ALL))) {
      allowed.accept(packets);
      return;
    }
    Part in = of(ranges, protocol);
    packets.within(port, in.classes()).ifPresent(allowed);
    packets.without(port, in.classes()).ifPresent(denied);
  }

  private static Part of(Map<Protocol, Part> parts, Protocol protocol) {
    Part part = parts.get(protocol);
    if (part == null) {
      throw new IllegalArgumentException(protocol + " has no ports");
    }
    return part;
  }

  /// Every set of a policy, once.
  static final class All {
    private final InetTraffic traffic;
    private final Map<PortSet, PortReading> known = new java.util.HashMap<>();

    All(InetTraffic traffic) {
      this.traffic = traffic;
    }

    PortReading of(PortSet ports) {
      return known.computeIfAbsent(ports, one -> new PortReading(traffic, one));
    }
  }
}
