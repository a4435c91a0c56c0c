package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.table.TableInterpreter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// One frame on a wire.
///
/// @param fields by the names that reports use; one that is missing is all zeros
record FrameProbe(
    String device, boolean fromPod, FrameKind kind, Map<String, Optional<Bytes>> fields)
    implements TableInterpreter.Loads {

  static FrameProbe of(SamplePacket sample) {
    String[] hook = sample.hook().split(" ", 2);
    FrameKind kind = FrameKind.OTHER;
    for (FrameKind one : FrameKind.values()) {
      kind = one.toString().equals(sample.family()) ? one : kind;
    }
    Map<String, Optional<Bytes>> fields = new HashMap<>();
    sample.details().forEach(one -> fields.put(one.what(), bytes(one.what(), one.value())));
    return new FrameProbe(hook[1], hook[0].equals("ingress"), kind, fields);
  }

  private static Optional<Bytes> bytes(String what, String value) {
    if (value.equals("cut off")) {
      return Optional.empty();
    }
    if (value.startsWith("0x")) {
      return Optional.of(Bytes.copyOf(HexFormat.of().parseHex(value.substring(2))));
    }
    if (value.contains(".") || value.contains(":")) {
      return Optional.of(Bytes.copyOf(Address.of(value).bytes()));
    }
    int number = Integer.parseInt(value);
    boolean twoBytes =
        what.endsWith(" port") || what.equals("payload length") || what.equals("kind of link");
    return Optional.of(twoBytes ? Bytes.ofShort(number) : Bytes.of(number));
  }

  @Override
  public Optional<Bytes> load(Expression expression) {
    return switch (expression) {
      case Expression.Meta(var key, _) ->
          switch (key) {
            case PROTOCOL -> isIp() ? field("protocol", 1) : Optional.empty();
            case ETHER_TYPE ->
                kind.type() == 0
                    ? field("Ethernet type", 2)
                    : Optional.of(Bytes.ofShort(kind.type()));
            case INPUT_LINK_TYPE -> linkType();
            case FAMILY -> Optional.of(Bytes.of(5));
            case INPUT_INTERFACE_NAME, OUTPUT_INTERFACE_NAME ->
                throw new IllegalArgumentException("not known: " + key);
          };
      case Expression.Payload(var header, var offset, var length, _) ->
          payload(header, offset, length)
              .map(all -> Bytes.copyOf(java.util.Arrays.copyOf(all.toArray(), length)));
      default -> throw new IllegalArgumentException("not known: " + expression);
    };
  }

  private boolean isIp() {
    return kind.isIpv4() || kind.isIpv6();
  }

  private Optional<Bytes> linkType() {
    if (!fromPod) {
      return Optional.empty();
    }
    return kind == FrameKind.NO_ETHERNET
        ? field("kind of link", 2)
        : Optional.of(Bytes.ofNativeShort(1));
  }

  private Optional<Bytes> field(String name, int length) {
    return fields.getOrDefault(name, Optional.of(Bytes.copyOf(new byte[length])));
  }

  private Optional<Bytes> payload(Header header, int offset, int length) {
    return switch (header) {
      case LINK -> link(offset, length);
      case NETWORK -> network(offset, length);
      case TRANSPORT -> isIp() ? transport(offset, length) : Optional.empty();
    };
  }

  private Optional<Bytes> link(int offset, int length) {
    if (offset == 6) {
      return field("link source", length);
    }
    return kind.type() == 0 || kind.isTagged()
        ? field("Ethernet type", 2)
        : Optional.of(Bytes.ofShort(kind.type()));
  }

  private Optional<Bytes> network(int offset, int length) {
    String name = "network header of " + kind.type() + " at " + offset + "/" + length;
    if (kind.isIpv4()) {
      name = offset == 12 ? "IPv4 source" : offset == 16 ? "IPv4 destination" : name;
    } else if (kind.isArp()) {
      name = offset == 14 ? "ARP sender" : name;
    } else if (kind.isIpv6()) {
      name =
          switch (offset) {
            case 4 -> "payload length";
            case 6 -> "next header";
            case 7 -> "hop limit";
            case 8 -> "IPv6 source";
            case 24 -> "IPv6 destination";
            default -> name;
          };
    }
    return field(name, length);
  }

  private Optional<Bytes> transport(int offset, int length) {
    if (length == 4) {
      return field("source port", 2).flatMap(from -> field("destination port", 2).map(from::then));
    }
    return switch (offset) {
      case 0 -> length == 1 ? field("ICMP type", 1) : field("source port", 2);
      case 2 -> field("destination port", 2);
      case 8 -> field("advertised address", length);
      default -> field("advertised link address", length);
    };
  }
}
