package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.proof.SamplePacket.Detail;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Frames on one pod's wire, from the pod or to it.
///
/// What stands behind the link header may be lacking: a frame may be cut short anywhere.
final class FrameTraffic implements Traffic {
  private static final int NETDEV = 5;
  private static final List<Range> OURS =
      List.of(
          Range.only(Bytes.ofShort(0x0800)),
          Range.only(Bytes.ofShort(0x0806)),
          Range.only(Bytes.ofShort(0x86DD)));

  private final String device;
  private final boolean fromPod;
  private final Space space = new Space(FrameKind.values().length);
  private final Domain addresses4 = Domain.ofAddresses(Family.IPV4);
  private final Domain addresses6 = Domain.ofAddresses(Family.IPV6);
  private final Field frameType = space.field("Ethernet type", Domain.ofBytes(2));
  private final Part ourTypes = frameType.domain().in(OURS);
  private final Field linkType = space.field("kind of link", Domain.ofBytes(2));
  private final Part ethernet = linkType.domain().only(Bytes.ofNativeShort(1));
  final Field linkSource = space.field("link source", Domain.ofBytes(6));
  final Field source4 = space.field("IPv4 source", addresses4);
  final Field destination4 = space.field("IPv4 destination", addresses4);
  final Field arpSender = space.field("ARP sender", addresses4);
  final Field source6 = space.field("IPv6 source", addresses6);
  final Field destination6 = space.field("IPv6 destination", addresses6);
  final Field hopLimit = space.field("hop limit", Domain.ofBytes(1));
  final Field length6 = space.field("payload length", Domain.ofBytes(2));
  final Field nextHeader = space.field("next header", Domain.ofBytes(1));
  final Field protocol = space.field("protocol", Domain.ofBytes(1));
  final Field fromPort = space.field("source port", Domain.ofBytes(2));
  final Field toPort = space.field("destination port", Domain.ofBytes(2));
  final Field type = space.field("ICMP type", Domain.ofBytes(1));
  final Field target = space.field("advertised address", addresses6);
  final Field option = space.field("advertised link address", Domain.ofBytes(8));

  /// @param fromPod whether it is what the pod sends, not what is delivered to it
  FrameTraffic(String device, boolean fromPod) {
    this.device = device;
    this.fromPod = fromPod;
  }

  @Override
  public Space space() {
    return space;
  }

  @Override
  public Source find(Expression load, int length, int situation) {
    FrameKind kind = FrameKind.of(situation);
    return switch (load) {
      case Expression.Meta(var key, _) -> meta(key, kind);
      case Expression.Payload(var header, var offset, _, _) ->
          payload(header, offset, length, kind);
      case Expression.Connection(var key, var side, _) ->
          other("ct " + side.map(Object::toString).orElse("") + " " + key, length);
      case Expression.AddressKind(var source, _) ->
          other(source ? "fib saddr type" : "fib daddr type", length);
      default -> throw new IllegalArgumentException("loads nothing: " + load);
    };
  }

  private Source other(String what, int length) {
    return Source.Of.all(space.other(what + "/" + length, length));
  }

  private Source meta(MetaKey key, FrameKind kind) {
    return switch (key) {
      case FAMILY -> new Source.Known(Bytes.of(NETDEV));
      case PROTOCOL ->
          kind.isIpv4() || kind.isIpv6() ? Source.Of.all(protocol) : new Source.Nothing();
      case ETHER_TYPE ->
          kind.type() == 0
              ? Source.Of.all(frameType)
              : new Source.Known(Bytes.ofShort(kind.type()));
      case INPUT_LINK_TYPE -> linkType(kind);
      case INPUT_INTERFACE_NAME ->
          fromPod ? new Source.Known(Bytes.ofText(device, 16)) : new Source.Nothing();
      case OUTPUT_INTERFACE_NAME ->
          fromPod ? new Source.Nothing() : new Source.Known(Bytes.ofText(device, 16));
    };
  }

  private Source linkType(FrameKind kind) {
    if (!fromPod) {
      return new Source.Nothing();
    }
    return kind == FrameKind.NO_ETHERNET
        ? Source.Of.all(linkType)
        : new Source.Known(Bytes.ofNativeShort(1));
  }

  private Source payload(Header header, int offset, int length, FrameKind kind) {
    return switch (header) {
      case LINK -> link(offset, length, kind);
      case NETWORK -> network(offset, length, kind);
      case TRANSPORT ->
          kind.isIpv4() || kind.isIpv6() ? transport(offset, length) : new Source.Nothing();
    };
  }

  private Source link(int offset, int length, FrameKind kind) {
    if (offset == 12 && length == 2) {
      return kind.type() == 0 || kind.isTagged()
          ? Source.Of.all(frameType)
          : new Source.Known(Bytes.ofShort(kind.type()));
    }
    return offset == 6 && length == 6
        ? Source.Of.all(linkSource)
        : other("link header at " + offset, length);
  }

  private Source network(int offset, int length, FrameKind kind) {
    Optional<Field> field = Optional.empty();
    if (kind.isIpv4()) {
      field = at(offset, length, List.of(12, 16), List.of(source4, destination4));
    } else if (kind.isArp()) {
      field = at(offset, length, List.of(14), List.of(arpSender));
    } else if (kind.isIpv6()) {
      field =
          at(
              offset,
              length,
              List.of(4, 6, 7, 8, 24),
              List.of(length6, nextHeader, hopLimit, source6, destination6));
    }
    if (field.isPresent()) {
      return new Source.Of(field.get(), length);
    }
    boolean ours = kind.isIpv4() || kind.isIpv6() || kind.isArp();
    return ours && offset + length > (kind.isArp() ? 14 : kind.isIpv4() ? 12 : 4)
        ? new Source.Across()
        : other("network header of " + kind.type() + " at " + offset, length);
  }

  /// The field that begins there, if it is that long.
  private static Optional<Field> at(
      int offset, int length, List<Integer> offsets, List<Field> fields) {
    int index = offsets.indexOf(offset);
    return index >= 0 && length <= fields.get(index).domain().length()
        ? Optional.of(fields.get(index))
        : Optional.empty();
  }

  private Source transport(int offset, int length) {
    if (offset == 0 && length == 4) {
      return new Source.Joined(List.of(Source.Of.all(fromPort), Source.Of.all(toPort)));
    }
    if (offset == 0 && length == 1) {
      return Source.Of.all(type);
    }
    return at(offset, length, List.of(0, 2, 8, 24), List.of(fromPort, toPort, target, option))
        .<Source>map(field -> new Source.Of(field, length))
        .orElseGet(() -> other("transport header at " + offset, length));
  }

  /// A tag, and what is none of ours, have another type than ours. Only bridges, which are
  /// Ethernet, are looked at where they deliver.
  @Override
  public List<Region> everything() {
    Region all =
        Region.all(space)
            .within(linkSource, linkSource.domain().present())
            .flatMap(region -> region.within(frameType, frameType.domain().present()))
            .flatMap(region -> region.within(linkType, linkType.domain().present()))
            .orElseThrow();
    List<Region> out = new ArrayList<>();
    all.within(space.situation(), FrameKind.set(FrameKind.NO_ETHERNET))
        .flatMap(region -> region.without(linkType, ethernet.classes()))
        .filter(_ -> fromPod)
        .ifPresent(out::add);
    all.without(space.situation(), FrameKind.set(FrameKind.NO_ETHERNET))
        .flatMap(region -> region.without(frameType, ourTypes.classes()))
        .ifPresent(out::add);
    return out;
  }

  @Override
  public SamplePacket sample(Region region) {
    FrameKind kind = FrameKind.of(region.classes(space.situation()).nextSetBit(0));
    List<Detail> details = new ArrayList<>();
    for (Field field : space.fields()) {
      boolean shown =
          field.index() > 0
              && concerns(field, kind)
              && !region.classes(field).equals(field.domain().present())
              && !region.classes(field).equals(field.domain().all());
      if (shown) {
        details.add(new Detail(field.name(), value(field, region)));
      }
    }
    return new SamplePacket(
        (fromPod ? "ingress " : "egress ") + device,
        kind.toString(),
        "",
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        details);
  }

  private boolean concerns(Field field, FrameKind kind) {
    boolean v4 = List.of(source4, destination4).contains(field);
    boolean v6 =
        List.of(source6, destination6, hopLimit, length6, nextHeader, target, option)
            .contains(field);
    boolean ip = List.of(protocol, fromPort, toPort, type).contains(field);
    if (field.equals(frameType)) {
      return kind.type() == 0 || kind.isTagged();
    }
    return (!v4 || kind.isIpv4())
        && (!v6 || kind.isIpv6())
        && (!ip || kind.isIpv4() || kind.isIpv6())
        && (!field.equals(arpSender) || kind.isArp())
        && (!field.equals(linkType) || kind == FrameKind.NO_ETHERNET);
  }

  private static String value(Field field, Region region) {
    BitSet classes = region.classes(field);
    int of = classes.previousSetBit(classes.length());
    if (of == Domain.LACKING) {
      return "cut off";
    }
    Bytes value = field.domain().sample(of, List.of());
    return switch (value.length()) {
      case 1 -> Integer.toString(value.at(0));
      case 4, 16 -> Address.ofBytes(value.toArray()).toString();
      case 2 ->
          field.name().contains("type")
              ? value.toString()
              : Integer.toString(value.at(0) << 8 | value.at(1));
      default -> value.toString();
    };
  }
}
