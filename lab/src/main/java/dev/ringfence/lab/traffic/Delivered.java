package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a node delivers to itself: packets to its addresses that its own rules have let in.
///
/// A node sees packets on its wires before its input hook judges them; raw sockets see them after.
final class Delivered implements Sight {
  private static final int WAITING_BYTES = 4 << 20;
  private static final int ENOUGH = 96;
  private static final int[] PROTOCOLS = {Packet.TCP, Packet.UDP, Packet.SCTP};

  /// Where `SO_MEMINFO` counts dropped packets.
  private static final int DROPS = 8;

  private final List<Ear> ears;
  private final byte[] buffer = new byte[ENOUGH];

  /// Drops that were told before.
  private long told;

  /// One socket.
  private record Ear(Descriptor socket, Address address, int protocol) {}

  private Delivered(List<Ear> ears) {
    this.ears = ears;
  }

  /// Starts listening in this namespace for what is addressed to these.
  static Delivered in(String namespace, Collection<Address> addresses) throws Exception {
    return new Delivered(Inside.call(namespace, () -> open(addresses)));
  }

  private static List<Ear> open(Collection<Address> addresses) {
    List<Ear> out = new ArrayList<>();
    try {
      for (Address address : addresses) {
        for (int protocol : PROTOCOLS) {
          int domain = address.family() == Family.IPV4 ? Linux.AF_INET : Linux.AF_INET6;
          Descriptor socket = Libc.socket(domain, Linux.SOCK_RAW | Linux.SOCK_NONBLOCK, protocol);
          out.add(new Ear(socket, address, protocol));
          Libc.setOption(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, WAITING_BYTES);
          Libc.bind(socket, SockAddr.of(address, 0));
        }
      }
      return out;
    } catch (SystemCallException refused) {
      out.forEach(ear -> ear.socket().close());
      throw refused;
    }
  }

  @Override
  public void drain(Consumer<Packet> to) {
    ears.forEach(ear -> drain(ear, to));
  }

  private void drain(Ear ear, Consumer<Packet> to) {
    while (true) {
      try {
        read(ear, Libc.receiveFrom(ear.socket(), buffer, Linux.MSG_DONTWAIT)).ifPresent(to);
      } catch (SystemCallException refused) {
        if (refused.errno() == Errno.EAGAIN) {
          return;
        }
        throw refused;
      }
    }
  }

  /// IPv4 comes with its header, IPv6 without.
  private Optional<Packet> read(Ear ear, Libc.Received received) {
    return ear.address().family() == Family.IPV4
        ? Packet.parse(buffer, received.length())
        : Packet.of(
            ear.protocol(), received.from().address(), ear.address(), buffer, received.length(), 0);
  }

  @Override
  public long lost() {
    long before = told;
    told = ears.stream().mapToLong(ear -> drops(ear.socket())).sum();
    return told - before;
  }

  private static long drops(Descriptor socket) {
    byte[] counters = new byte[4 * (DROPS + 1)];
    Libc.getOption(socket, Linux.SOL_SOCKET, Linux.SO_MEMINFO, counters);
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(counters).order(ByteOrder.nativeOrder()).getInt(4 * DROPS));
  }

  @Override
  public void close() {
    ears.forEach(ear -> ear.socket().close());
  }
}
