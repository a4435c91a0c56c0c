package dev.ringfence.nftables.linux;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A socket address as the kernel lays it out (`struct sockaddr_…`). Immutable.
public final class SockAddr {
  private final byte[] bytes;

  SockAddr(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A `sockaddr_in` or `sockaddr_in6`.
  public static SockAddr of(Address address, int port) {
    return of(address, port, 0);
  }

  /// As [#of(Address,int)], with the interface index that a link-local IPv6 address needs.
  public static SockAddr of(Address address, int port, int scope) {
    boolean v4 = address.family() == Family.IPV4;
    byte[] out = new byte[v4 ? 16 : 28];
    ByteBuffer at = order(out);
    at.putShort((short) (v4 ? Linux.AF_INET : Linux.AF_INET6));
    at.put((byte) (port >>> 8)).put((byte) port);
    if (!v4) {
      at.putInt(0);
    }
    at.put(address.bytes());
    if (!v4) {
      at.putInt(scope);
    }
    return new SockAddr(out);
  }

  /// A `sockaddr_nl` of this process; the kernel picks the port id.
  ///
  /// @param groups bits of the multicast groups to hear, 0 for none
  public static SockAddr netlink(int groups) {
    byte[] out = new byte[12];
    order(out).putShort((short) Linux.AF_NETLINK).putInt(8, groups);
    return new SockAddr(out);
  }

  /// A `sockaddr_ll`: an interface and an Ethernet type such as [Linux#ETH_P_ALL].
  public static SockAddr packet(int interfaceIndex, int etherType) {
    byte[] out = new byte[20];
    ByteBuffer at = order(out);
    at.putShort((short) Linux.AF_PACKET);
    at.put((byte) (etherType >>> 8)).put((byte) etherType);
    at.putInt(interfaceIndex);
    return new SockAddr(out);
  }

  /// The address of a `sockaddr_in` or `sockaddr_in6`.
  public Address address() {
    return Address.ofBytes(
        family() == Linux.AF_INET
            ? Arrays.copyOfRange(bytes, 4, 8)
            : Arrays.copyOfRange(bytes, 8, 24));
  }

  /// The port of a `sockaddr_in` or `sockaddr_in6`.
  public int port() {
    return (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
  }

  /// One of `AF_…`; 0 where there is no address.
  public int family() {
    return bytes.length < 2 ? 0 : order(bytes).getShort() & 0xFFFF;
  }

  /// Of a `sockaddr_ll`: 0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us.
  public int packetType() {
    return bytes[10] & 0xFF;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  private static ByteBuffer order(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
