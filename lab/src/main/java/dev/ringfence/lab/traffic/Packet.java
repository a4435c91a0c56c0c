package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.Probe;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// What a capture knows of a packet; equal for all packets of one direction of one connection.
///
/// @param protocol the number in the IP header, such as 6 for TCP
/// @param fromPort 0 where the protocol has none
public record Packet(int protocol, Address from, int fromPort, Address to, int toPort) {
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int SCTP = 132;

  /// A probe's first packet as it arrives.
  static Packet of(int protocol, Probe probe, int sourcePort) {
    return new Packet(protocol, probe.seenFrom(), sourcePort, probe.toAddress(), probe.port());
  }

  /// Reads an IPv4 or IPv6 packet from its first bytes; empty for anything else, and for fragments
  /// without ports.
  public static Optional<Packet> parse(byte[] bytes, int length) {
    if (length < 1) {
      return Optional.empty();
    }
    return switch ((bytes[0] & 0xF0) >>> 4) {
      case 4 -> v4(bytes, length);
      case 6 -> v6(bytes, length);
      default -> Optional.empty();
    };
  }

  private static Optional<Packet> v4(byte[] bytes, int length) {
    int header = (bytes[0] & 0x0F) * 4;
    if (length < 20 || length < header) {
      return Optional.empty();
    }
    int fragment = (bytes[6] & 0x1F) << 8 | (bytes[7] & 0xFF);
    return fragment != 0
        ? Optional.empty()
        : of(bytes, length, bytes[9] & 0xFF, header, Family.IPV4, 12);
  }

  private static Optional<Packet> v6(byte[] bytes, int length) {
    return length < 40 ? Optional.empty() : of(bytes, length, bytes[6] & 0xFF, 40, Family.IPV6, 8);
  }

  private static Optional<Packet> of(
      byte[] bytes, int length, int protocol, int header, Family family, int addresses) {
    int size = family.bits() / 8;
    Address from = Address.ofBytes(Arrays.copyOfRange(bytes, addresses, addresses + size));
    Address to = Address.ofBytes(Arrays.copyOfRange(bytes, addresses + size, addresses + 2 * size));
    return of(protocol, from, to, bytes, length, header);
  }

  /// Reads what follows the IP header.
  ///
  /// @param header where it begins
  static Optional<Packet> of(
      int protocol, Address from, Address to, byte[] bytes, int length, int header) {
    if (protocol != TCP && protocol != UDP && protocol != SCTP) {
      return Optional.of(new Packet(protocol, from, 0, to, 0));
    }
    if (length < header + 4) {
      return Optional.empty();
    }
    ByteBuffer ports = ByteBuffer.wrap(bytes, header, 4);
    return Optional.of(
        new Packet(protocol, from, ports.getShort() & 0xFFFF, to, ports.getShort() & 0xFFFF));
  }
}
