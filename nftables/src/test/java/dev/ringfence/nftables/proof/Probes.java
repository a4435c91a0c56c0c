package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Random packets, most of them at the edges of a policy.
final class Probes {
  private static final List<Integer> PROTOCOLS = List.of(6, 6, 6, 17, 17, 132, 1, 58, 58, 47, 7);
  private static final List<Integer> TYPES =
      List.of(128, 129, 130, 132, 133, 134, 136, 137, 143, 3);
  private static final List<Integer> HOPS = List.of(64, 255, 254, 1, 2);
  private static final List<Integer> FLAGS = List.of(2, 2, 16, 18, 0, 1, 4, 194);

  private final Random random;
  private final List<Address> pods;
  private final Map<Family, List<Address>> addresses = new HashMap<>();
  private final List<Integer> ports;
  private final Wires wires;

  Probes(NodePolicy policy, Wires wires, Random random) {
    this.random = random;
    this.wires = wires;
    this.pods = policy.pods().stream().flatMap(pod -> pod.addresses().stream()).toList();
    TreeSet<Address> all = new TreeSet<>(pods);
    all.add(Address.of("203.0.113.77"));
    all.add(Address.of("2001:db8:77::77"));
    all.add(Address.of("ff02::1"));
    policy.sets().values().forEach(set -> all.addAll(set.members()));
    TreeSet<Integer> numbers = new TreeSet<>(List.of(0, 1, 80, 65_535));
    policy
        .groups()
        .values()
        .forEach(group -> {
          group.pods().forEach(one -> edges(one.ports(), numbers));
          group.spans().forEach(one -> edges(one.ports(), numbers));
          group.spans().forEach(one -> one.ranges().forEach(range -> edges(range, all)));
        });
    for (Family family : Family.values()) {
      addresses.put(family, all.stream().filter(one -> one.family() == family).toList());
    }
    this.ports = List.copyOf(numbers);
  }

  private static void edges(AddressRange range, Set<Address> out) {
    out.add(range.first());
    out.add(range.last());
    range.first().previous().ifPresent(out::add);
    range.last().next().ifPresent(out::add);
  }

  private static void edges(PortSet ports, Set<Integer> out) {
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      for (PortRange range : ports.ranges(protocol)) {
        out.addAll(List.of(range.first(), range.last(), range.first() - 1));
        out.add(Math.min(65_535, range.last() + 1));
      }
    }
  }

  /// Any address that matters.
  Address address(Family family) {
    return pick(addresses.getOrDefault(family, List.of()));
  }

  int port() {
    return pick(ports);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private Address end(Family family) {
    List<Address> own = pods.stream().filter(one -> one.family() == family).toList();
    return own.isEmpty() || random.nextInt(3) == 0 ? address(family) : pick(own);
  }

  Probe packet() {
    Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
    Hook hook = pick(List.of(Hook.FORWARD, Hook.FORWARD, Hook.INPUT, Hook.OUTPUT));
    Situation situation = pick(List.of(Situation.values()));
    boolean whole = situation.isTracked() || random.nextInt(8) != 0;
    int type = random.nextInt(5) == 0 ? random.nextInt(256) : pick(TYPES);
    boolean connectionless = (type >= 130 && type <= 137) || type == 143;
    return new Probe(
        hook,
        situation,
        end(family),
        end(family),
        whole || random.nextBoolean() ? pick(PROTOCOLS) : -1,
        whole ? port() : -1,
        whole ? port() : -1,
        whole ? pick(FLAGS) : -1,
        situation.isTracked() && connectionless ? 128 : type,
        random.nextInt(5) == 0 ? random.nextInt(256) : pick(HOPS),
        random.nextInt(4) == 0 ? 2 : 1,
        address(family),
        address(family));
  }

  /// Nothing where no wire is known.
  Optional<FrameProbe> frame() {
    if (wires.byPod().isEmpty()) {
      return Optional.empty();
    }
    Wire wire = pick(List.copyOf(wires.byPod().values()));
    Bytes mac = wire.hardware().orElse(Bytes.of(2, 0, 0, 0, 0, 99));
    Map<String, Optional<Bytes>> fields = new HashMap<>();
    put(fields, "Ethernet type", pick(List.of(Bytes.ofShort(0x8100), Bytes.ofShort(0x88CC))));
    put(fields, "kind of link", Bytes.ofShort(0x0203));
    put(fields, "link source", random.nextInt(4) == 0 ? Bytes.of(2, 9, 9, 9, 9, 9) : mac);
    for (String name : List.of("IPv4 source", "IPv4 destination", "ARP sender")) {
      put(fields, name, random.nextInt(4) == 0 ? Bytes.of(0, 0, 0, 0) : bytes(end(Family.IPV4)));
    }
    for (String name : List.of("IPv6 source", "IPv6 destination", "advertised address")) {
      put(fields, name, random.nextInt(3) == 0 ? pick(odd(mac)) : bytes(end(Family.IPV6)));
    }
    put(fields, "hop limit", Bytes.of(pick(HOPS)));
    put(fields, "payload length", Bytes.ofShort(pick(List.of(24, 32, 40))));
    put(fields, "next header", Bytes.of(pick(List.of(58, 58, 58, 0))));
    put(fields, "protocol", Bytes.of(pick(List.of(58, 58, 17, 6))));
    put(fields, "source port", Bytes.ofShort(pick(List.of(67, 68, 546, 547, 80))));
    put(fields, "destination port", Bytes.ofShort(pick(List.of(67, 68, 546, 547, 80))));
    put(fields, "ICMP type", Bytes.of(pick(TYPES)));
    put(fields, "advertised link address", Bytes.of(2, 1).then(mac));
    boolean fromPod = random.nextInt(3) != 0;
    FrameKind kind = pick(List.of(FrameKind.values()));
    return kind == FrameKind.NO_ETHERNET && !fromPod
        ? Optional.empty()
        : Optional.of(new FrameProbe(wire.interfaceName(), fromPod, kind, fields));
  }

  private static List<Bytes> odd(Bytes mac) {
    return List.of(
        Bytes.copyOf(new byte[16]),
        bytes(Address.of("fe80::1")),
        bytes(Address.of("ff02::1")),
        Bytes.of(0xFE, 0x80, 0, 0, 0, 0, 0, 0)
            .then(Bytes.of(mac.at(0) ^ 2, mac.at(1), mac.at(2), 0xFF, 0xFE))
            .then(Bytes.of(mac.at(3), mac.at(4), mac.at(5))));
  }

  private static Bytes bytes(Address address) {
    return Bytes.copyOf(address.bytes());
  }

  private void put(Map<String, Optional<Bytes>> fields, String name, Bytes value) {
    fields.put(
        name,
        random.nextInt(40) == 0 && !name.contains("ink") && !name.contains("Eth")
            ? Optional.empty()
            : Optional.of(value));
  }

  List<Address> pods() {
    return new ArrayList<>(pods);
  }
}
