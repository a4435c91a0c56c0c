package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.proof.SamplePacket.Detail;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Picks one packet out of a region: the plainest there is.
final class Sampler {
  private static final List<Integer> PROTOCOLS = List.of(6, 17, 132, 1, 58, 253, 254);
  private static final List<Integer> PORTS = List.of(47_001, 80, 8080, 53, 443);

  private final InetTraffic traffic;
  private final Region region;
  private final List<Detail> details = new ArrayList<>();

  Sampler(InetTraffic traffic, Region region) {
    this.traffic = traffic;
    this.region = region;
  }

  SamplePacket packet() {
    Situation situation = Situation.of(region.classes(traffic.space().situation()).nextSetBit(0));
    Optional<Bytes> protocol = pick(traffic.protocol, bytes(PROTOCOLS, 1));
    int number = protocol.map(one -> one.at(0)).orElse(-1);
    boolean ports = number == 6 || number == 17 || number == 132;
    OptionalInt fromPort = ports ? port(traffic.openerPort) : OptionalInt.empty();
    OptionalInt toPort = ports ? port(traffic.port) : OptionalInt.empty();
    if (!ports) {
      asPort("opener's port", traffic.openerPort);
      asPort("port", traffic.port);
    }
    boolean icmp = number == 1 || number == 58;
    boolean opens = !situation.isTracked() || situation == Situation.NEW;
    number(
        "TCP flags",
        traffic.flags,
        number == 6 && !situation.isError(),
        opens ? List.of(2, 16, 24, 4, 0) : List.of(16, 24, 17, 2, 4, 0));
    number("ICMP type", traffic.type, icmp || situation.isError(), types(situation));
    number("hop limit", traffic.hopLimit, icmp, List.of(64));
    if (number == -1 || (ports && (fromPort.isEmpty() || toPort.isEmpty()))) {
      details.add(new Detail("fragment", "without its header"));
    }
    others();
    Optional<String> opener = address(traffic.opener, Optional.empty());
    return new SamplePacket(
        traffic.hook().toString().toLowerCase(Locale.ROOT),
        traffic.family().toString(),
        situation.toString(),
        opener,
        address(traffic.destination, opener),
        protocol.isPresent() ? OptionalInt.of(number) : OptionalInt.empty(),
        fromPort,
        toPort,
        details);
  }

  /// Those that go with the situation.
  private List<Integer> types(Situation situation) {
    boolean v4 = traffic.family() == Family.IPV4;
    if (situation.isError()) {
      return v4 ? List.of(3, 11) : List.of(1, 3);
    }
    if (situation.isBack()) {
      return v4 ? List.of(0, 14) : List.of(129);
    }
    return v4 ? List.of(8, 13) : List.of(128, 1);
  }

  /// What only some values of will do, among the fields that no policy looks at.
  private void others() {
    for (Field field : traffic.space().fields()) {
      boolean plain = field.index() <= traffic.hopLimit.index();
      if (!plain && isRestricted(field)) {
        pick(field, List.of())
            .ifPresent(value -> {
              boolean address =
                  value.length() == traffic.family().bits() / 8
                      && !field.equals(traffic.sourceKind);
              details.add(
                  new Detail(
                      field.name(),
                      address ? Address.ofBytes(value.toArray()).toString() : value.toString()));
            });
      }
    }
  }

  /// What stands where a port would, if only some values of it will do.
  private void asPort(String what, Field field) {
    if (isRestricted(field)) {
      port(field).ifPresent(value -> details.add(new Detail(what, Integer.toString(value))));
    }
  }

  /// A field of one byte, where the protocol has it or only some values of it will do.
  private void number(String what, Field field, boolean usual, List<Integer> wished) {
    if (usual || isRestricted(field)) {
      pick(field, bytes(wished, 1))
          .ifPresent(one -> details.add(new Detail(what, Integer.toString(one.at(0)))));
    }
  }

  private boolean isRestricted(Field field) {
    BitSet classes = region.classes(field);
    return !classes.equals(field.domain().all())
        && !classes.equals(field.domain().present())
        && !(field.equals(traffic.type) && classes.equals(traffic.followedTypes()));
  }

  private OptionalInt port(Field field) {
    return pick(field, bytes(PORTS, 2))
        .map(value -> OptionalInt.of(value.at(0) << 8 | value.at(1)))
        .orElse(OptionalInt.empty());
  }

  /// One that somebody has, if possible; another than this, if possible.
  private Optional<String> address(Field field, Optional<String> but) {
    List<Bytes> wishes = new ArrayList<>(InetTraffic.addressesToTry(traffic.family()));
    but.map(Address::of).map(Bytes::of).ifPresent(wishes::remove);
    BitSet classes = region.classes(field);
    Optional<String> first = Optional.empty();
    for (int of = classes.length() - 1; of > Domain.LACKING; of = classes.previousSetBit(of - 1)) {
      String one = Address.ofBytes(field.domain().sample(of, wishes).toArray()).toString();
      if (!but.equals(Optional.of(one))) {
        return Optional.of(one);
      }
      first = Optional.of(one);
    }
    return first;
  }

  private static List<Bytes> bytes(List<Integer> numbers, int length) {
    return numbers.stream().map(one -> length == 1 ? Bytes.of(one) : Bytes.ofShort(one)).toList();
  }

  /// A value that the region allows, one of those wished for if possible; listed addresses, which
  /// somebody has, before others.
  private Optional<Bytes> pick(Field field, List<Bytes> wished) {
    BitSet classes = region.classes(field);
    Domain domain = field.domain();
    for (Bytes wish : wished) {
      int of = domain.classOf(wish);
      if (classes.get(of)) {
        return Optional.of(wish);
      }
    }
    int of = classes.previousSetBit(classes.length());
    return of <= Domain.LACKING ? Optional.empty() : Optional.of(domain.sample(of, wished));
  }
}
