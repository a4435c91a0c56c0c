package dev.ringfence.nftables.netlink;

import java.util.Optional;

/// Messages to the kernel and back: the kernel's own, or in tests one that answers as an older
/// kernel would.
public interface NetlinkChannel extends AutoCloseable {
  /// Sends the first `length` bytes as one datagram; the buffers for it grow as they must.
  void send(byte[] bytes, int length);

  /// Waits for one datagram.
  ///
  /// @throws dev.ringfence.nftables.linux.SystemCallException with
  ///   [dev.ringfence.nftables.linux.Errno#ENOBUFS] where some were lost before it
  byte[] receive();

  /// As [#receive], but empty at once if nothing is there.
  Optional<byte[]> receiveWaiting();

  @Override
  void close();
}
