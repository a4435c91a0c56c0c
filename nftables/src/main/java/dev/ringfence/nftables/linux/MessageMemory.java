package dev.ringfence.nftables.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Memory that is allocated once, sent from and received into many times; for one thread at a time.
///
/// What a message costs is the system call and a copy: nothing is allocated for it outside the
/// heap.
public final class MessageMemory {
  /// Longer messages are rare, such as a whole table, and get memory of their own.
  private static final int KEPT = 1 << 18;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
  private final MemorySegment received;
  private final MemorySegment toSend = arena.allocate(KEPT);

  /// @param capacity bytes of the longest message expected to come
  public MessageMemory(int capacity) {
    received = arena.allocate(capacity);
  }

  /// Sends the first `length` bytes on a connected (or netlink) socket.
  public void send(Descriptor socket, byte[] bytes, int length) {
    if (length <= KEPT) {
      send(socket, bytes, length, toSend);
      return;
    }
    try (Arena once = Arena.ofConfined()) {
      send(socket, bytes, length, once.allocate(length));
    }
  }

  private void send(Descriptor socket, byte[] bytes, int length, MemorySegment over) {
    MemorySegment.copy(bytes, 0, over, ValueLayout.JAVA_BYTE, 0, length);
    while (MessageCalls.send(errno, socket.number(), over, length) < 0) {
      throwUnlessInterrupted("send");
    }
  }

  /// Receives one message whole; waits for it.
  ///
  /// @throws IllegalStateException if it did not fit
  public byte[] receive(Descriptor socket) {
    while (true) {
      long length = MessageCalls.receive(errno, socket.number(), received, Linux.MSG_TRUNC);
      if (length >= 0) {
        return copy(length);
      }
      throwUnlessInterrupted("recv");
    }
  }

  /// As [#receive], but empty at once if nothing is there.
  public Optional<byte[]> receiveWaiting(Descriptor socket) {
    while (true) {
      long length =
          MessageCalls.receive(
              errno, socket.number(), received, Linux.MSG_TRUNC | Linux.MSG_DONTWAIT);
      if (length >= 0) {
        return Optional.of(copy(length));
      }
      if (errno() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throwUnlessInterrupted("recv");
    }
  }

  private byte[] copy(long length) {
    if (length > received.byteSize()) {
      throw new IllegalStateException(
          "a message of " + length + " bytes, room for " + received.byteSize());
    }
    byte[] out = new byte[(int) length];
    MemorySegment.copy(received, ValueLayout.JAVA_BYTE, 0, out, 0, out.length);
    return out;
  }

  private void throwUnlessInterrupted(String call) {
    if (errno() != Errno.EINTR) {
      throw new SystemCallException(call, errno(), Libc.errorText(errno()));
    }
  }

  private int errno() {
    return errno.get(ValueLayout.JAVA_INT, 0);
  }
}
