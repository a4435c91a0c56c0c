package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.route.Links;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A namespace that plays a pod: it can listen, connect and send.
record TestPod(ObjectName name, ScratchNamespace namespace, Address v4, Address v6) {
  /// Milliseconds to wait for what should come; a loaded machine is slow.
  static final int PATIENCE = 4000;

  /// Milliseconds to wait for what should not come.
  static final int SHORT = 300;

  private static final int SENT = 4;

  Address address(Family family) {
    return family == Family.IPV4 ? v4 : v6;
  }

  /// A TCP listener on every address; close it.
  ServerSocket listen(int port) throws Exception {
    return namespace.inside(() -> new ServerSocket(port, 16));
  }

  /// A UDP socket on every address; close it.
  DatagramSocket udp(int port) throws Exception {
    return namespace.inside(() -> new DatagramSocket(port));
  }

  /// A connection, or an exception after a moment.
  Socket connect(Address to, int port) throws Exception {
    return connect(to, port, PATIENCE);
  }

  Socket connect(Address to, int port, int patience) throws Exception {
    return namespace.inside(() -> {
      Socket socket = new Socket();
      socket.setSoTimeout(PATIENCE);
      socket.setTcpNoDelay(true);
      socket.connect(at(to, port), patience);
      return socket;
    });
  }

  /// Whether a TCP connection comes about.
  boolean reaches(Address to, int port) throws Exception {
    return reaches(to, port, PATIENCE);
  }

  boolean isKeptFrom(Address to, int port) throws Exception {
    return !reaches(to, port, SHORT);
  }

  private boolean reaches(Address to, int port, int patience) throws Exception {
    try (Socket _ = connect(to, port, patience)) {
      return true;
    } catch (IOException silence) {
      return false;
    }
  }

  /// Whether a datagram arrives at the socket.
  boolean sends(Address to, DatagramSocket socket) throws Exception {
    sendOne(to, socket);
    return receives(socket);
  }

  boolean sendsInVain(Address to, DatagramSocket socket) throws Exception {
    sendOne(to, socket);
    return receivesNothing(socket);
  }

  private void sendOne(Address to, DatagramSocket socket) throws Exception {
    int port = socket.getLocalPort();
    namespace.inside(() -> {
      try (DatagramSocket sender = new DatagramSocket()) {
        send(sender, to, port);
      }
      return null;
    });
  }

  static void send(DatagramSocket from, Address to, int port) throws IOException {
    from.send(new DatagramPacket(new byte[] {42}, 1, at(to, port)));
  }

  static boolean receives(DatagramSocket socket) throws IOException {
    return receives(socket, PATIENCE);
  }

  static boolean receivesNothing(DatagramSocket socket) throws IOException {
    return !receives(socket, SHORT);
  }

  private static boolean receives(DatagramSocket socket, int patience) throws IOException {
    socket.setSoTimeout(patience);
    try {
      socket.receive(new DatagramPacket(new byte[10], 10));
      return true;
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }

  /// Whether the pod gets an answer to an echo request.
  boolean pings(Address to) throws Exception {
    return pings(to, PATIENCE);
  }

  boolean pingsInVain(Address to) throws Exception {
    return !pings(to, SHORT);
  }

  private boolean pings(Address to, int patience) throws Exception {
    boolean v4 = to.family() == Family.IPV4;
    int protocol = v4 ? Linux.IPPROTO_ICMP : Linux.IPPROTO_ICMPV6;
    int answer = v4 ? 0 : 129;
    byte[] request = {(byte) (v4 ? 8 : 128), 0, 0, 0, 0x52, 0x46, 0, 1};
    if (v4) {
      request[2] = (byte) ((0xFFFF - 0x0800 - 0x5246 - 1) >>> 8);
      request[3] = (byte) (0xFFFF - 0x0800 - 0x5246 - 1);
    }
    return namespace.inside(() -> {
      try (Descriptor socket =
          Libc.socket(v4 ? Linux.AF_INET : Linux.AF_INET6, Linux.SOCK_RAW, protocol)) {
        Libc.sendTo(socket, request, 0, SockAddr.of(to, 0));
        long end = System.nanoTime() + patience * 1_000_000L;
        byte[] into = new byte[100];
        while (System.nanoTime() < end) {
          boolean some = !Libc.readable(List.of(socket), Duration.ofMillis(patience / 4)).isEmpty();
          if (some
              && Libc.receiveFrom(socket, into, 0).from().address().equals(to)
              && into[v4 ? 20 : 0] == (byte) answer) {
            return true;
          }
        }
        return false;
      }
    });
  }

  /// Puts a frame on the pod's wire, as it is.
  void forge(Bytes frame) throws Exception {
    namespace.inside(() -> {
      try (Descriptor socket = Libc.packetSocket(Linux.SOCK_RAW, Linux.ETH_P_ALL)) {
        SockAddr wire = SockAddr.packet(Libc.interfaceIndex("eth0"), Linux.ETH_P_ALL);
        Libc.sendTo(socket, frame.toArray(), 0, wire);
      }
      return null;
    });
  }

  /// The link address of `eth0` in this namespace.
  Bytes hardware() throws Exception {
    return link("eth0");
  }

  Bytes link(String name) throws Exception {
    return namespace.inside(() -> {
      try (NetlinkSocket socket = NetlinkSocket.route()) {
        return Links.all(socket).stream()
            .filter(link -> link.name().equals(name))
            .findFirst()
            .orElseThrow()
            .hardware();
      }
    });
  }

  /// Whether a frame that contains these bytes comes in by `eth0` once the body has run.
  boolean hears(Bytes part, Body body) throws Exception {
    return hears(part, body, PATIENCE);
  }

  boolean hearsNothingOf(Bytes part, Body body) throws Exception {
    return !hears(part, body, SHORT);
  }

  private boolean hears(Bytes part, Body body, int patience) throws Exception {
    String wanted = part.toString().substring(2);
    try (Descriptor socket =
        namespace.inside(() -> {
          Descriptor out = Libc.packetSocket(Linux.SOCK_RAW, Linux.ETH_P_ALL);
          Libc.bind(out, SockAddr.packet(Libc.interfaceIndex("eth0"), Linux.ETH_P_ALL));
          return out;
        })) {
      body.run();
      byte[] into = new byte[2000];
      long end = System.nanoTime() + patience * 1_000_000L;
      while (System.nanoTime() < end) {
        if (!Libc.readable(List.of(socket), Duration.ofMillis(patience / 4)).isEmpty()) {
          Libc.Received received = Libc.receiveFrom(socket, into, 0);
          String frame = Bytes.copyOf(Arrays.copyOf(into, received.length())).toString();
          if (received.from().packetType() != SENT && frame.contains(wanted)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  interface Body {
    void run() throws Exception;
  }

  /// Whether a command in the pod succeeds.
  boolean tries(String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
    all.addAll(List.of(command));
    try {
      Process process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static InetSocketAddress at(Address address, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
  }
}
