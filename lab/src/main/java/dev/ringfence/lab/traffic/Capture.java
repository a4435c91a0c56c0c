package dev.ringfence.lab.traffic;

import dev.ringfence.lab.netns.Inside;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// Every packet that comes into one namespace, before anything there can refuse it.
///
/// Packets wait in the kernel until they are read here; only the reader's thread may touch it.
public final class Capture implements Sight {
  private static final int WAITING_BYTES = 16 << 20;
  private static final int ENOUGH = 96;

  /// Takes a packet as it came in.
  public interface Reader {
    /// One packet.
    ///
    /// @param bytes from the IP header on; another's after this call
    /// @param length how many of them are the packet's, cut off at [#ENOUGH]
    void packet(Packet packet, byte[] bytes, int length);
  }

  private final Descriptor socket;
  private final byte[] buffer = new byte[ENOUGH];

  private Capture(Descriptor socket) {
    this.socket = socket;
  }

  /// Starts capturing in this namespace.
  public static Capture in(String namespace) throws Exception {
    return new Capture(Inside.call(namespace, Capture::open));
  }

  private static Descriptor open() {
    Descriptor socket = Libc.packetSocket(Linux.SOCK_DGRAM | Linux.SOCK_NONBLOCK, Linux.ETH_P_ALL);
    Libc.setOption(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, WAITING_BYTES);
    Libc.setOption(socket, Linux.SOL_PACKET, Linux.PACKET_IGNORE_OUTGOING, 1);
    return socket;
  }

  /// Those that are meant for this namespace.
  @Override
  public void drain(Consumer<Packet> to) {
    drainWhole((packet, bytes, length) -> to.accept(packet));
  }

  /// Those that are meant for this namespace, with what they carry.
  public void drainWhole(Reader to) {
    while (true) {
      try {
        Libc.Received received = Libc.receiveFrom(socket, buffer, Linux.MSG_DONTWAIT);
        if (received.from().packetType() == 0) {
          int length = received.length();
          Packet.parse(buffer, length).ifPresent(packet -> to.packet(packet, buffer, length));
        }
      } catch (SystemCallException refused) {
        if (refused.errno() == Errno.EAGAIN) {
          return;
        }
        throw refused;
      }
    }
  }

  @Override
  public long lost() {
    byte[] counters = new byte[8];
    Libc.getOption(socket, Linux.SOL_PACKET, Linux.PACKET_STATISTICS, counters);
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(counters).order(ByteOrder.nativeOrder()).getInt(4));
  }

  @Override
  public void close() {
    socket.close();
  }
}
