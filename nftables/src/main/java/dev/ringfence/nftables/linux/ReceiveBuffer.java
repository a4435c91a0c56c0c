package dev.ringfence.nftables.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory that is allocated once and received into many times; for one thread at a time.
public final class ReceiveBuffer {
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment data;

  /// @param capacity bytes of the longest message expected
  public ReceiveBuffer(int capacity) {
    data = arena.allocate(capacity);
  }

  /// Receives one message whole.
  ///
  /// @throws SystemCallException among others with [Errno#EAGAIN] where [Linux#MSG_DONTWAIT] is
  ///   given and nothing is there
  /// @throws IllegalStateException if it did not fit
  public byte[] receive(Descriptor socket, int flags) {
    long length = Libc.receive(socket, data, flags | Linux.MSG_TRUNC);
    if (length > data.byteSize()) {
      throw new IllegalStateException(
          "a message of " + length + " bytes, room for " + data.byteSize());
    }
    return data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
