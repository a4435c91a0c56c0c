package dev.ringfence.e2e.wire;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Packets made by hand, with their checksums; both families alike.
public final class Packets {
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ICMPV6 = 58;
  public static final int SCTP = 132;

  /// Protocol numbers that are free for experiments.
  public static final int EXPERIMENT = 253;

  public static final int OTHER_EXPERIMENT = 254;

  public static final int SYN = 0x02;
  public static final int ACK = 0x10;

  private static final int USUAL_TTL = 64;

  private Packets() {}

  public static byte[] udp(Address from, int fromPort, Address to, int toPort, byte[] payload) {
    byte[] body =
        ByteBuffer.allocate(8 + payload.length)
            .putShort((short) fromPort)
            .putShort((short) toPort)
            .putShort((short) (8 + payload.length))
            .putShort((short) 0)
            .put(payload)
            .array();
    return ip(from, to, UDP, USUAL_TTL, summed(body, 6, from, to, UDP));
  }

  /// A segment with these flags; data in a SYN is legal and helps to know it again.
  public static byte[] tcp(
      Address from, int fromPort, Address to, int toPort, int flags, byte[] payload) {
    byte[] body =
        ByteBuffer.allocate(20 + payload.length)
            .putShort((short) fromPort)
            .putShort((short) toPort)
            .putInt(1_000)
            .putInt((flags & ACK) == 0 ? 0 : 1_000)
            .put((byte) 0x50)
            .put((byte) flags)
            .putShort((short) 8_192)
            .putInt(0)
            .put(payload)
            .array();
    return ip(from, to, TCP, USUAL_TTL, summed(body, 16, from, to, TCP));
  }

  /// An INIT chunk whose padding parameter carries the payload.
  public static byte[] sctpInit(
      Address from, int fromPort, Address to, int toPort, byte[] payload) {
    int padded = (payload.length + 3) / 4 * 4;
    ByteBuffer body = ByteBuffer.allocate(12 + 20 + 4 + padded);
    body.putShort((short) fromPort).putShort((short) toPort).putInt(0).putInt(0);
    body.put((byte) 1).put((byte) 0).putShort((short) (20 + 4 + payload.length));
    body.putInt(0x0A0B0C0D).putInt(65_536).putShort((short) 1).putShort((short) 1).putInt(1);
    body.putShort((short) 0x8005).putShort((short) (4 + payload.length)).put(payload);
    CRC32C sum = new CRC32C();
    sum.update(body.array());
    body.order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) sum.getValue());
    return ip(from, to, SCTP, USUAL_TTL, body.array());
  }

  /// ICMP in IPv4, ICMPv6 in IPv6.
  ///
  /// @param rest the four bytes after the checksum
  public static byte[] icmp(
      Address from, Address to, int type, int code, int rest, int ttl, byte[] payload) {
    int protocol = from.family() == Family.IPV4 ? ICMP : ICMPV6;
    byte[] body =
        ByteBuffer.allocate(8 + payload.length)
            .put((byte) type)
            .put((byte) code)
            .putShort((short) 0)
            .putInt(rest)
            .put(payload)
            .array();
    if (protocol == ICMP) {
      ByteBuffer.wrap(body).putShort(2, (short) ~fold(sum(body)));
      return ip(from, to, protocol, ttl, body);
    }
    return ip(from, to, protocol, ttl, summed(body, 2, from, to, protocol));
  }

  public static byte[] echo(Address from, Address to, byte[] payload) {
    int type = from.family() == Family.IPV4 ? 8 : 128;
    return icmp(from, to, type, 0, 0x12340001, USUAL_TTL, payload);
  }

  /// A packet of any protocol.
  public static byte[] ip(Address from, Address to, int protocol, int ttl, byte[] body) {
    return switch (from.family()) {
      case IPV4 -> v4(from, to, protocol, ttl, 0, 0, body);
      case IPV6 ->
          ByteBuffer.allocate(40 + body.length)
              .putInt(0x6000_0000)
              .putShort((short) body.length)
              .put((byte) protocol)
              .put((byte) ttl)
              .put(from.bytes())
              .put(to.bytes())
              .put(body)
              .array();
    };
  }

  /// @param fragment flags and offset, as they stand in the header
  private static byte[] v4(
      Address from, Address to, int protocol, int ttl, int id, int fragment, byte[] body) {
    byte[] out =
        ByteBuffer.allocate(20 + body.length)
            .putShort((short) 0x4500)
            .putShort((short) (20 + body.length))
            .putShort((short) id)
            .putShort((short) fragment)
            .put((byte) ttl)
            .put((byte) protocol)
            .putShort((short) 0)
            .put(from.bytes())
            .put(to.bytes())
            .put(body)
            .array();
    ByteBuffer.wrap(out).putShort(10, (short) ~fold(sum(Arrays.copyOf(out, 20))));
    return out;
  }

  /// The IPv4 packet with its "do not fragment" bit set; IPv6 packets are never fragmented on the
  /// way.
  public static byte[] whole(byte[] packet) {
    if (packet[0] >>> 4 != 4) {
      return packet;
    }
    byte[] body = Arrays.copyOfRange(packet, 20, packet.length);
    return v4(source(packet), destination(packet), packet[9] & 0xFF, USUAL_TTL, 0, 0x4000, body);
  }

  /// The same packet in two pieces, the first with so many bytes of the body, a multiple of 8.
  public static byte[][] inTwo(byte[] packet, int first) {
    Address from = source(packet);
    Address to = destination(packet);
    int header = from.family() == Family.IPV4 ? 20 : 40;
    byte[] head = Arrays.copyOfRange(packet, header, header + first);
    byte[] tail = Arrays.copyOfRange(packet, header + first, packet.length);
    if (from.family() == Family.IPV4) {
      int protocol = packet[9] & 0xFF;
      return new byte[][] {
        v4(from, to, protocol, USUAL_TTL, 0x4242, 0x2000, head),
        v4(from, to, protocol, USUAL_TTL, 0x4242, first / 8, tail)
      };
    }
    int next = packet[6] & 0xFF;
    return new byte[][] {
      ip(from, to, 44, USUAL_TTL, fragment(next, 1, head)),
      ip(from, to, 44, USUAL_TTL, fragment(next, first, tail))
    };
  }

  private static byte[] fragment(int next, int offsetAndMore, byte[] body) {
    return ByteBuffer.allocate(8 + body.length)
        .put((byte) next)
        .put((byte) 0)
        .putShort((short) offsetAndMore)
        .putInt(0x4242)
        .put(body)
        .array();
  }

  public static Address source(byte[] packet) {
    return packet[0] >>> 4 == 4
        ? Address.ofBytes(Arrays.copyOfRange(packet, 12, 16))
        : Address.ofBytes(Arrays.copyOfRange(packet, 8, 24));
  }

  public static Address destination(byte[] packet) {
    return packet[0] >>> 4 == 4
        ? Address.ofBytes(Arrays.copyOfRange(packet, 16, 20))
        : Address.ofBytes(Arrays.copyOfRange(packet, 24, 40));
  }

  private static byte[] summed(byte[] body, int at, Address from, Address to, int protocol) {
    long pseudo = sum(from.bytes()) + sum(to.bytes()) + protocol + body.length;
    short sum = (short) ~fold(pseudo + sum(body));
    // In UDP 0 means that there is none, and without one IPv6 takes no datagram.
    ByteBuffer.wrap(body).putShort(at, sum == 0 && protocol == UDP ? (short) 0xFFFF : sum);
    return body;
  }

  private static long sum(byte[] bytes) {
    long out = 0;
    for (int i = 0; i < bytes.length; i++) {
      out += (bytes[i] & 0xFFL) << (i % 2 == 0 ? 8 : 0);
    }
    return out;
  }

  private static int fold(long sum) {
    long out = sum;
    while (out >>> 16 != 0) {
      out = (out & 0xFFFF) + (out >>> 16);
    }
    return (int) out;
  }
}
