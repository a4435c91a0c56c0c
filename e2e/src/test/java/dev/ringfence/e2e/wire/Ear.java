package dev.ringfence.e2e.wire;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// Hears the marked packets that arrive in a namespace. For use by one thread.
public final class Ear implements AutoCloseable {
  /// Whoever has not arrived by then will not.
  private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int IPV6_V6ONLY = 26;

  /// Where these stand in a frame with an IPv6 packet.
  private static final int ETHER_TYPE = 12;

  private static final int NEXT_HEADER = 20;
  private static final int DESTINATION_6 = 38;
  private static final int ICMPV6_TYPE = 54;
  private static final int REDIRECT = 137;
  private static final int MULTICAST = 0xFF;
  private static final int WAITING_BYTES = 8 << 20;

  private final List<Descriptor> sockets;
  private final Set<Integer> heard = new HashSet<>();
  private final List<byte[]> unmarked = new ArrayList<>();
  private final byte[] buffer = new byte[2048];

  private Ear(List<Descriptor> sockets) {
    this.sockets = List.copyOf(sockets);
  }

  /// At the wire: everything that comes into the namespace, before anything there can object. Not
  /// for a namespace with rules of its own.
  public static Ear atWires(Space space) throws Exception {
    return new Ear(List.of(space.inside(Ear::packets)));
  }

  private static Descriptor packets() {
    Descriptor socket = Libc.packetSocket(Linux.SOCK_RAW | Linux.SOCK_NONBLOCK, Linux.ETH_P_ALL);
    Libc.setOption(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, WAITING_BYTES);
    Libc.setOption(socket, Linux.SOL_PACKET, Linux.PACKET_IGNORE_OUTGOING, 1);
    return socket;
  }

  /// Behind the rules of a namespace: what it takes for its own addresses, by these protocols.
  public static Ear behindRules(Space space, List<Integer> protocols) throws Exception {
    return new Ear(
        space.inside(() -> {
          List<Descriptor> out = new ArrayList<>();
          for (int protocol : protocols) {
            out.add(raw(Linux.AF_INET, protocol));
            out.add(raw(Linux.AF_INET6, protocol));
          }
          return out;
        }));
  }

  private static Descriptor raw(int family, int protocol) {
    Descriptor socket = Libc.socket(family, Linux.SOCK_RAW | Linux.SOCK_NONBLOCK, protocol);
    Libc.setOption(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, WAITING_BYTES);
    return socket;
  }

  /// At a UDP port: what a program there would get, on any of the namespace's addresses.
  public static Ear atUdp(Space space, int port) throws Exception {
    return new Ear(space.inside(() -> List.of(udp(Family.IPV4, port), udp(Family.IPV6, port))));
  }

  private static Descriptor udp(Family family, int port) {
    boolean v4 = family == Family.IPV4;
    Descriptor socket =
        Libc.socket(v4 ? Linux.AF_INET : Linux.AF_INET6, Linux.SOCK_DGRAM | Linux.SOCK_NONBLOCK, 0);
    Libc.setOption(socket, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, WAITING_BYTES);
    if (!v4) {
      Libc.setOption(socket, Linux.IPPROTO_IPV6, IPV6_V6ONLY, 1);
    }
    Libc.bind(socket, SockAddr.of(v4 ? Address.ofV4(0) : Address.ofV6(0, 0), port));
    return socket;
  }

  /// Whether this mark arrives; waits until it does or it is late.
  public boolean hears(int mark) throws InterruptedException {
    return await(() -> heard.contains(mark), PATIENCE);
  }

  /// Whether this mark stays away, for long enough to believe it.
  public boolean hearsNothingOf(int mark) throws InterruptedException {
    return !await(() -> heard.contains(mark), LONG_ENOUGH);
  }

  /// Whether a packet without a mark arrives that looks like this.
  public boolean sees(Predicate<byte[]> packet) throws InterruptedException {
    return await(() -> unmarked.stream().anyMatch(packet), PATIENCE);
  }

  /// Whether no such packet arrives, for long enough to believe it.
  public boolean seesNo(Predicate<byte[]> packet) throws InterruptedException {
    return !await(() -> unmarked.stream().anyMatch(packet), LONG_ENOUGH);
  }

  /// Takes in what is waiting and answers every mark so far.
  public Set<Integer> marks() {
    sockets.forEach(this::drain);
    return heard;
  }

  /// Forgets all so far.
  public void forget() {
    marks();
    heard.clear();
    unmarked.clear();
  }

  private interface Condition {
    boolean holds();
  }

  private boolean await(Condition condition, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      marks();
      if (condition.holds()) {
        return true;
      }
      if (System.nanoTime() >= end) {
        return false;
      }
      Thread.sleep(3);
    }
  }

  private void drain(Descriptor socket) {
    while (true) {
      int length;
      try {
        length = Libc.receive(socket, buffer, Linux.MSG_DONTWAIT);
      } catch (SystemCallException refused) {
        if (refused.errno() == Errno.EAGAIN) {
          return;
        }
        throw refused;
      }
      var mark = isRedirect() ? OptionalInt.empty() : Mark.in(buffer, length);
      mark.ifPresent(heard::add);
      if (mark.isEmpty()) {
        unmarked.add(Arrays.copyOf(buffer, Math.min(length, buffer.length)));
      }
    }
  }

  /// Whether a frame brings the word of a router that there is a shorter way. It quotes a packet
  /// that did not arrive, and no router of ours can be told not to say it over IPv6.
  private boolean isRedirect() {
    ByteBuffer frame = ByteBuffer.wrap(buffer);
    return frame.getShort(ETHER_TYPE) == (short) Frames.IPV6
        && frame.get(NEXT_HEADER) == Packets.ICMPV6
        && frame.get(DESTINATION_6) != (byte) MULTICAST
        && frame.get(ICMPV6_TYPE) == (byte) REDIRECT;
  }

  @Override
  public void close() {
    sockets.forEach(Descriptor::close);
  }
}
