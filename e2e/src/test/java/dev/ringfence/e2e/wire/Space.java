package dev.ringfence.e2e.wire;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.linux.SockAddr;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// One network namespace of a test.
public record Space(String name) {

  /// Makes it, its loopback up.
  public void create() {
    Command.run("", List.of("ip", "netns", "add", name));
    ip("link set lo up");
  }

  /// Runs lines of `ip -batch` in it.
  public void ip(String lines) {
    Command.run(lines + "\n", List.of("ip", "-n", name, "-batch", "-"));
  }

  /// Runs a program in it and answers what it printed.
  public String run(String... command) {
    return feed("", command);
  }

  /// Runs a program in it with this on its standard input.
  public String feed(String input, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    Collections.addAll(all, command);
    return Command.run(input, all);
  }

  /// Sets kernel settings, each `net.ipv4.ip_forward=1`.
  public void sysctl(String... settings) {
    for (String setting : settings) {
      run("sysctl", "-q", "-w", setting);
    }
  }

  /// Does the work on a thread inside.
  public <T> T inside(Callable<T> work) throws Exception {
    return Inside.call(
        name,
        () -> {
          NetworkNamespace.requireNotMain();
          return work.call();
        });
  }

  /// The link address of an interface here.
  public byte[] mac(String device) throws Exception {
    return inside(() -> {
      NetworkInterface found = Objects.requireNonNull(NetworkInterface.getByName(device), device);
      return found.getHardwareAddress();
    });
  }

  /// Hands whole packets, IP header included, to this namespace's own routing.
  public void send(byte[]... packets) throws Exception {
    inside(() -> {
      try (Postman postman = new Postman()) {
        for (byte[] packet : packets) {
          postman.send(packet, 0);
        }
      }
      return true;
    });
  }

  /// As [#send], to a neighbour on this interface whose address is link-local.
  public void sendOn(String device, byte[] packet) throws Exception {
    inside(() -> {
      try (Postman postman = new Postman()) {
        postman.send(packet, Libc.interfaceIndex(device));
      }
      return true;
    });
  }

  /// Puts a whole Ethernet frame on the wire, past everything that this namespace could object.
  public void frame(String device, byte[] frame) throws Exception {
    inside(() -> {
      try (Descriptor socket = Libc.packetSocket(Linux.SOCK_RAW, 0)) {
        int index = Libc.interfaceIndex(device);
        return Libc.sendTo(socket, frame, 0, SockAddr.packet(index, Linux.ETH_P_ALL));
      }
    });
  }

  /// Sockets for packets with headers of their own; opened in the calling thread's namespace.
  public static final class Postman implements AutoCloseable {
    private final Descriptor four = Libc.socket(Linux.AF_INET, Linux.SOCK_RAW, Linux.IPPROTO_RAW);
    private final Descriptor six = Libc.socket(Linux.AF_INET6, Linux.SOCK_RAW, Linux.IPPROTO_RAW);

    public Postman() {
      NetworkNamespace.requireNotMain();
      Libc.setOption(four, Linux.SOL_SOCKET, Linux.SO_BROADCAST, 1);
    }

    /// Sends one packet, IP header included.
    ///
    /// @param scope interface of a link-local destination, else 0
    public void send(byte[] packet, int scope) {
      Address to = Packets.destination(packet);
      Descriptor socket = to.family() == Family.IPV4 ? four : six;
      Libc.sendTo(socket, packet, 0, SockAddr.of(to, 0, scope));
    }

    @Override
    public void close() {
      four.close();
      six.close();
    }
  }
}
