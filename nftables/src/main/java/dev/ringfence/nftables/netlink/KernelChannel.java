package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.MessageMemory;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import java.util.Optional;

/// A netlink socket of the network namespace it was opened in.
public final class KernelChannel implements NetlinkChannel {
  /// The kernel fills datagrams of a dump up to 32 KiB; one ack is far shorter.
  private static final int LONGEST_DATAGRAM = 1 << 18;

  private static final int RECEIVE_BUFFER = 1 << 22;
  private static final int SEND_BUFFER = 1 << 20;

  private final Descriptor socket;
  private final MessageMemory memory = new MessageMemory(LONGEST_DATAGRAM);
  private int sendBuffer;

  private KernelChannel(Descriptor socket) {
    this.socket = socket;
  }

  /// @param protocol `NETLINK_…`
  /// @param groups bits of the multicast groups to hear, 0 for none
  /// @param receiveBuffer bytes that may wait to be read; more are lost, and the kernel says so
  static KernelChannel open(int protocol, int groups, int receiveBuffer) {
    Descriptor socket = Libc.socket(Linux.AF_NETLINK, Linux.SOCK_RAW, protocol);
    try {
      Libc.setOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1);
      Libc.setOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_CAP_ACK, 1);
      if (protocol == Linux.NETLINK_ROUTE) {
        Libc.setOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_GET_STRICT_CHK, 1);
      }
      KernelChannel out = new KernelChannel(socket);
      out.force(Linux.SO_RCVBUFFORCE, Linux.SO_RCVBUF, receiveBuffer);
      Libc.bind(socket, SockAddr.netlink(groups));
      return out;
    } catch (SystemCallException refused) {
      socket.close();
      throw refused;
    }
  }

  /// For nf_tables.
  public static KernelChannel netfilter() {
    return open(Linux.NETLINK_NETFILTER, 0, RECEIVE_BUFFER);
  }

  /// What the kernel tells of links, routes and neighbours, unasked.
  ///
  /// @param groups bits of `RTMGRP_…`
  /// @param receiveBuffer bytes that may wait to be read
  public static KernelChannel news(int groups, int receiveBuffer) {
    return open(Linux.NETLINK_ROUTE, groups, receiveBuffer);
  }

  /// For questions about routes, links and neighbours.
  static KernelChannel route() {
    return open(Linux.NETLINK_ROUTE, 0, RECEIVE_BUFFER);
  }

  @Override
  public void send(byte[] bytes, int length) {
    reserve(length);
    memory.send(socket, bytes, length);
  }

  @Override
  public byte[] receive() {
    return memory.receive(socket);
  }

  @Override
  public Optional<byte[]> receiveWaiting() {
    return memory.receiveWaiting(socket);
  }

  private void reserve(int bytes) {
    int wanted = Math.max(SEND_BUFFER, Integer.highestOneBit(bytes) * 4);
    if (wanted > sendBuffer) {
      force(Linux.SO_SNDBUFFORCE, Linux.SO_SNDBUF, wanted);
      sendBuffer = wanted;
    }
  }

  /// Beyond the system's limit where we may, up to it else.
  private void force(int forced, int plain, int bytes) {
    try {
      Libc.setOption(socket, Linux.SOL_SOCKET, forced, bytes);
    } catch (SystemCallException refused) {
      if (refused.errno() != Errno.EPERM) {
        throw refused;
      }
      Libc.setOption(socket, Linux.SOL_SOCKET, plain, bytes);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
