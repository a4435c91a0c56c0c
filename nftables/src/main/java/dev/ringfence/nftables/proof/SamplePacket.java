package dev.ringfence.nftables.proof;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One packet, as an example of those that are treated otherwise than they should be.
///
/// `from` opened the connection and `to` is its real destination, so that in a reply they are the
/// receiver and the sender of the packet itself; without a connection they are the packet's own.
///
/// @param hook `forward`, `input`, `output`, or `ingress` or `egress` and the device
/// @param family `IPv4`, `IPv6`, or what else the frame holds
/// @param state what conntrack says: `new`, `established`, `reply`, `related`, `error`, `error to a
///   reply`, `invalid`, `untracked`; empty on a wire
/// @param from an address, or empty where the packet has none
/// @param protocol its number, if it has one
/// @param fromPort of who opened the connection
/// @param port at the destination
/// @param details what else it takes: TCP flags, ICMP types, hop limits, link addresses
public record SamplePacket(
    String hook,
    String family,
    String state,
    Optional<String> from,
    Optional<String> to,
    OptionalInt protocol,
    OptionalInt fromPort,
    OptionalInt port,
    List<Detail> details) {
  public SamplePacket {
    details = List.copyOf(details);
  }

  /// Something about the packet; the value as a number or an address.
  public record Detail(String what, String value) {}

  /// The value of a detail, if the packet has it.
  public Optional<String> detail(String what) {
    return details.stream().filter(one -> one.what().equals(what)).map(Detail::value).findFirst();
  }

  /// `TCP` and the like, or the number.
  public String protocolName() {
    if (protocol.isEmpty()) {
      return "no protocol";
    }
    return switch (protocol.getAsInt()) {
      case 1 -> "ICMP";
      case 6 -> "TCP";
      case 17 -> "UDP";
      case 58 -> "ICMPv6";
      case 132 -> "SCTP";
      default -> "protocol " + protocol.getAsInt();
    };
  }

  /// In one line, such as `forward, new TCP 10.0.0.1:47001 -> 10.0.0.2:80`.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(hook).append(",");
    if (!state.isEmpty()) {
      out.append(' ').append(state);
    }
    out.append(' ').append(from.isPresent() ? protocolName() : family);
    from.ifPresent(at -> out.append(' ').append(end(at, fromPort)));
    to.ifPresent(at -> out.append(" -> ").append(end(at, port)));
    details.forEach(one -> out.append(", ").append(one.what()).append(' ').append(one.value()));
    return out.toString();
  }

  private static String end(String address, OptionalInt port) {
    if (port.isEmpty()) {
      return address;
    }
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port.getAsInt();
  }
}
