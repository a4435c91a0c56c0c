package dev.ringfence.e2e.wire;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Ethernet frames made by hand.
public final class Frames {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;
  public static final int IPV6 = 0x86DD;

  private Frames() {}

  public static byte[] of(byte[] toMac, byte[] fromMac, int type, byte[] payload) {
    return ByteBuffer.allocate(14 + payload.length)
        .put(toMac)
        .put(fromMac)
        .putShort((short) type)
        .put(payload)
        .array();
  }

  /// An IP packet of either family.
  public static byte[] of(byte[] toMac, byte[] fromMac, byte[] packet) {
    return of(toMac, fromMac, packet[0] >>> 4 == 4 ? IPV4 : IPV6, packet);
  }

  /// An IP packet in a VLAN; number 0 marks a priority only, and receivers take it off unasked.
  public static byte[] inVlan(int vlan, byte[] toMac, byte[] fromMac, byte[] packet) {
    byte[] inner =
        ByteBuffer.allocate(4 + packet.length)
            .putShort((short) vlan)
            .putShort((short) (packet[0] >>> 4 == 4 ? IPV4 : IPV6))
            .put(packet)
            .array();
    return of(toMac, fromMac, 0x8100, inner);
  }

  /// "`owner` is at `mac`", to everybody; the payload lies in the padding.
  public static byte[] arpAnswer(byte[] mac, Address owner, byte[] payload) {
    byte[] body =
        ByteBuffer.allocate(28 + payload.length)
            .putShort((short) 1)
            .putShort((short) IPV4)
            .put((byte) 6)
            .put((byte) 4)
            .putShort((short) 2)
            .put(mac)
            .put(owner.bytes())
            .put(broadcast())
            .put(owner.bytes())
            .put(payload)
            .array();
    return of(broadcast(), mac, ARP, body);
  }

  /// A neighbour advertisement to everybody: `target` is at `claimed`.
  public static byte[] neighbourAdvertisement(
      byte[] mac, Address from, Address target, byte[] claimed) {
    byte[] body =
        ByteBuffer.allocate(16 + 8)
            .put(target.bytes())
            .put((byte) 2)
            .put((byte) 1)
            .put(claimed)
            .array();
    Address allNodes = Address.of("ff02::1");
    byte[] packet = Packets.icmp(from, allNodes, 136, 0, 0x2000_0000, 255, body);
    return of(multicast(allNodes), mac, packet);
  }

  /// The link address of everybody.
  public static byte[] broadcast() {
    return new byte[] {-1, -1, -1, -1, -1, -1};
  }

  /// The link address that a multicast address goes to.
  public static byte[] multicast(Address to) {
    byte[] bytes = to.bytes();
    if (to.family() == Family.IPV4) {
      return new byte[] {1, 0, 0x5e, (byte) (bytes[1] & 0x7f), bytes[2], bytes[3]};
    }
    byte[] out = {0x33, 0x33, 0, 0, 0, 0};
    System.arraycopy(bytes, 12, out, 2, 4);
    return out;
  }

  /// The link-local address that the kernel makes of a link address.
  public static Address linkLocal(byte[] mac) {
    byte[] out = Arrays.copyOf(new byte[] {(byte) 0xfe, (byte) 0x80}, 16);
    out[8] = (byte) (mac[0] ^ 2);
    out[9] = mac[1];
    out[10] = mac[2];
    out[11] = -1;
    out[12] = -2;
    out[13] = mac[3];
    out[14] = mac[4];
    out[15] = mac[5];
    return Address.ofBytes(out);
  }
}
