package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// IP packets of one family at one hook, each with its connection if it has one.
///
/// Where there is a connection, opener and destination are its own, the destination after DNAT; the
/// header then has both, turned round in a reply. Where there is none they are the header's. What
/// only foreign rules look at is free.
final class InetTraffic implements Traffic {
  private static final BitSet ERRORS = Situation.set(Situation.ERROR, Situation.ERROR_REPLY);
  private static final Bytes EXPECTED = Bytes.ofNativeInt(1);
  private static final Bytes ANSWERED = Bytes.ofNativeInt(2);
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final Family family;
  private final Hook hook;
  private final Space space = new Space(Situation.values().length);
  private final Domain addresses;
  private final Domain ports;
  final Field opener;
  final Field destination;
  final Field protocol;
  final Field openerPort;
  final Field port;

  /// TCP's flags.
  final Field flags;

  /// The type of an ICMP or ICMPv6 message.
  final Field type;

  final Field hopLimit;

  /// The routing table's word on the header's source.
  final Field sourceKind;

  /// Whether both ends accepted the connection before, as its mark says; asked only where
  /// connections are kept, as are the next three.
  final Field before;

  /// Whether another connection announced this one.
  final Field expected;

  /// Whether the destination has answered.
  final Field answered;

  /// The kind of SCTP's first chunk.
  final Field chunk;

  private final Optional<Bytes> accepted;

  /// @param addresses of the family; may be shared with other hooks, as may `ports`
  /// @param accepted bits of the mark that says so; empty where no connection is kept
  InetTraffic(Family family, Hook hook, Domain addresses, Domain ports, Optional<Bytes> accepted) {
    this.family = family;
    this.hook = hook;
    this.addresses = addresses;
    this.ports = ports;
    this.opener = space.field("opener", addresses);
    this.destination = space.field("destination", addresses);
    this.protocol = space.field("protocol", Domain.ofBytes(1));
    this.openerPort = space.field("opener's port", ports);
    this.port = space.field("port", ports);
    this.flags = space.field("TCP flags", Domain.ofBytes(1));
    this.type = space.field("ICMP type", Domain.ofBytes(1));
    this.hopLimit = space.field("hop limit", Domain.ofBytes(1));
    this.sourceKind = space.field("kind of source", Domain.ofBytes(4));
    this.accepted = accepted;
    this.before = space.field("accepted before", Domain.ofBytes(1));
    this.expected = space.field("announced by another", Domain.ofBytes(1));
    this.answered = space.field("answered", Domain.ofBytes(1));
    this.chunk = space.field("SCTP chunk", Domain.ofBytes(1));
    connectionless =
        type.domain()
            .in(Stream.of(Icmpv6.DISCOVERY, Icmpv6.LISTENER).flatMap(List::stream).toList());
    tcp = protocol.domain().only(Bytes.of(6));
    icmp = protocol.domain().only(Bytes.of(ICMP));
    icmpv6 = protocol.domain().only(Bytes.of(ICMPV6));
  }

  /// Neighbour discovery and MLD, which conntrack does not follow.
  private final Part connectionless;

  private final Part tcp;
  private final Part icmp;
  private final Part icmpv6;

  private @Nullable BitSet protocols;

  @Override
  public Space space() {
    return space;
  }

  Family family() {
    return family;
  }

  Hook hook() {
    return hook;
  }

  @Override
  public Source find(Expression load, int length, int situation) {
    Situation now = Situation.of(situation);
    return switch (load) {
      case Expression.Connection(var key, var side, _) -> connection(key, side, now, length);
      case Expression.Meta(var key, _) -> meta(key, now, length);
      case Expression.AddressKind(var source, _) ->
          source ? Source.Of.all(sourceKind) : other("fib daddr type", length);
      case Expression.Payload(var header, var offset, _, _) ->
          switch (header) {
            case LINK -> other("link header at " + offset + "," + length, length);
            case NETWORK -> network(offset, length, now);
            case TRANSPORT -> transport(offset, length, now);
          };
      default -> throw new IllegalArgumentException("loads nothing: " + load);
    };
  }

  @Override
  public Optional<Bytes> accepted() {
    return accepted;
  }

  private Source other(String what, int length) {
    return Source.Of.all(space.other(what + "/" + length, length));
  }

  private Source connection(ConnectionKey key, Optional<Side> side, Situation now, int length) {
    if (key == ConnectionKey.STATE) {
      return new Source.Known(Bytes.ofNativeInt(now.state()));
    }
    if (!now.isTracked()) {
      return new Source.Nothing();
    }
    boolean original = side.filter(Side.ORIGINAL::equals).isPresent();
    return switch (key) {
      case MARK ->
          accepted
              .<Source>map(bits -> new Source.Flags(Map.of(bits, before)))
              .orElseGet(() -> other("ct " + key, length));
      case STATUS ->
          accepted
              .<Source>map(_ -> new Source.Flags(Map.of(EXPECTED, expected, ANSWERED, answered)))
              .orElseGet(() -> other("ct " + key, length));
      case STATE -> other("ct " + key, length);
      case DIRECTION -> new Source.Known(Bytes.of(now.isBack() ? 1 : 0));
      case PROTOCOL -> Source.Of.all(protocol);
      case SOURCE_PORT -> Source.Of.all(original ? openerPort : port);
      case DESTINATION_PORT -> named("port of the " + sideOf(original), ports);
      case SOURCE_IPV4, DESTINATION_IPV4, SOURCE_IPV6, DESTINATION_IPV6 ->
          isOf(key) ? address(key, original) : new Source.Nothing();
    };
  }

  private boolean isOf(ConnectionKey key) {
    boolean v4 = key == ConnectionKey.SOURCE_IPV4 || key == ConnectionKey.DESTINATION_IPV4;
    return v4 == (family == Family.IPV4);
  }

  /// Who was called before DNAT and who answers are sent to after SNAT are anybody.
  private Source address(ConnectionKey key, boolean original) {
    boolean source = key == ConnectionKey.SOURCE_IPV4 || key == ConnectionKey.SOURCE_IPV6;
    if (source) {
      return Source.Of.all(original ? opener : destination);
    }
    return named("address of the " + sideOf(original), addresses);
  }

  private static String sideOf(boolean original) {
    return original ? "called service" : "translated opener";
  }

  private Source named(String what, Domain domain) {
    return Source.Of.all(space.other(what, domain));
  }

  private Source meta(MetaKey key, Situation now, int length) {
    return switch (key) {
      case FAMILY -> new Source.Known(Bytes.of(family == Family.IPV4 ? 2 : 10));
      case PROTOCOL ->
          now.isError()
              ? new Source.Known(Bytes.of(family == Family.IPV4 ? ICMP : ICMPV6))
              : Source.Of.all(protocol);
      case ETHER_TYPE -> new Source.Known(Bytes.ofShort(family == Family.IPV4 ? 0x0800 : 0x86DD));
      case INPUT_INTERFACE_NAME, OUTPUT_INTERFACE_NAME, INPUT_LINK_TYPE ->
          other("meta " + key, length);
    };
  }

  private Source network(int offset, int length, Situation now) {
    int size = addresses.length();
    int source = family == Family.IPV4 ? 12 : 8;
    if (offset == source && length == 2 * size) {
      return new Source.Joined(List.of(Source.Of.all(sender(now)), Source.Of.all(receiver(now))));
    }
    if ((offset == source || offset == source + size) && length <= size) {
      Field field = offset == source ? sender(now) : receiver(now);
      return new Source.Of(field, length);
    }
    if (length == 1 && offset == (family == Family.IPV4 ? 8 : 7)) {
      return Source.Of.all(hopLimit);
    }
    if (family == Family.IPV4 && length == 1 && offset == 9) {
      return meta(MetaKey.PROTOCOL, now, length);
    }
    boolean ends = offset < source + 2 * size && source < offset + length;
    boolean other = offset + length <= (family == Family.IPV4 ? 8 : 6);
    return ends || !other ? new Source.Across() : other("network header at " + offset, length);
  }

  /// The header's source.
  private Field sender(Situation now) {
    if (now.isError()) {
      return space.other("sender of the error", addresses);
    }
    return now.isBack() ? destination : opener;
  }

  private Field receiver(Situation now) {
    if (now.isError()) {
      return space.other("receiver of the error", addresses);
    }
    return now.isBack() ? opener : destination;
  }

  private Source transport(int offset, int length, Situation now) {
    if (length == 1 && offset == 0) {
      return Source.Of.all(type);
    }
    if (length == 1 && offset == 13) {
      return Source.Of.all(flags);
    }
    if (accepted.isPresent() && length == 1 && offset == 12 && !now.isError()) {
      return Source.Of.all(chunk);
    }
    boolean apart = offset >= 4 && (offset > 13 || offset + length <= 13);
    if (now.isError() || apart) {
      return other(
          "transport header" + (now.isError() ? " of the error" : "") + " at " + offset, length);
    }
    if (offset + length > 4 || length % 2 != 0 || offset % 2 != 0) {
      return new Source.Across();
    }
    List<Source.Of> parts = new ArrayList<>();
    boolean back = now.isBack();
    if (offset == 0) {
      parts.add(Source.Of.all(back ? port : openerPort));
    }
    if (offset + length == 4) {
      parts.add(Source.Of.all(back ? openerPort : port));
    }
    return parts.size() == 1 ? parts.getFirst() : new Source.Joined(parts);
  }

  /// With a connection there are a protocol, ports, and the protocol's own header; without, a
  /// fragment may lack them. What other protocols have where flags and types stand is free.
  @Override
  public List<Region> everything() {
    Region all = Region.all(space);
    List<Region> out = new ArrayList<>();
    Optional<Region> tracked =
        all.within(space.situation(), Situation.tracked())
            .flatMap(region -> having(region, field -> isAlwaysThere(field) || isHeader(field)));
    if (accepted.isPresent()) {
      tracked =
          tracked.flatMap(region -> having(region, List.of(before, expected, answered)::contains));
    }
    tracked
        .flatMap(region -> region.within(space.situation(), ERRORS))
        .flatMap(region -> having(region, type::equals))
        .flatMap(region -> region.without(type, connectionless.classes()))
        .ifPresent(out::add);
    tracked = tracked.flatMap(region -> region.without(space.situation(), ERRORS));
    tracked
        .flatMap(region -> of(region, tcp))
        .flatMap(region -> having(region, flags::equals))
        .ifPresent(out::add);
    tracked
        .flatMap(region -> of(region, icmp))
        .flatMap(region -> having(region, type::equals))
        .ifPresent(out::add);
    tracked
        .flatMap(region -> of(region, icmpv6))
        .flatMap(region -> having(region, type::equals))
        .flatMap(region -> region.without(type, connectionless.classes()))
        .ifPresent(out::add);
    tracked
        .flatMap(region -> region.without(protocol, tcp.classes()))
        .flatMap(region -> region.without(protocol, icmp.classes()))
        .flatMap(region -> region.without(protocol, icmpv6.classes()))
        .ifPresent(out::add);
    all.without(space.situation(), Situation.tracked())
        .flatMap(region -> having(region, this::isAlwaysThere))
        .ifPresent(out::add);
    return out;
  }

  private Optional<Region> of(Region packets, Part protocols) {
    return packets.within(protocol, protocols.classes());
  }

  /// Those packets that have these fields.
  private Optional<Region> having(Region packets, Predicate<Field> fields) {
    Optional<Region> out = Optional.of(packets);
    for (Field field : space.fields()) {
      if (!field.equals(space.situation()) && fields.test(field)) {
        out = out.flatMap(region -> region.within(field, field.domain().present()));
      }
    }
    return out;
  }

  @SuppressWarnings("ReferenceEquality") // domains are shared, not copied
  private boolean isAlwaysThere(Field field) {
    return field.domain() == addresses || field.equals(hopLimit) || field.equals(sourceKind);
  }

  @SuppressWarnings("ReferenceEquality") // domains are shared, not copied
  private boolean isHeader(Field field) {
    return field.domain() == ports || field.equals(protocol);
  }

  @Override
  public SamplePacket sample(Region region) {
    return new Sampler(this, region).packet();
  }

  static List<Bytes> addressesToTry(Family family) {
    List<String> texts =
        family == Family.IPV4
            ? List.of("203.0.113.77", "198.51.100.77", "192.0.2.77", "10.99.99.99", "8.8.8.8")
            : List.of("2001:db8:77::77", "fd99::99", "2606:4700::1111", "ff02::1");
    return texts.stream().map(text -> Bytes.copyOf(Address.of(text).bytes())).toList();
  }

  /// Types of messages that conntrack follows.
  BitSet followedTypes() {
    BitSet out = type.domain().present();
    out.andNot(connectionless.classes());
    return out;
  }

  /// Every protocol there is.
  BitSet hasProtocol() {
    if (protocols == null) {
      protocols = protocol.domain().present();
    }
    return protocols;
  }
}
