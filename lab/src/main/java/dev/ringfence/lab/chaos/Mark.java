package dev.ringfence.lab.chaos;

import java.nio.ByteBuffer;
import java.util.Optional;

/// The last bytes of a packet of ours: which one it is.
///
/// @param stream index of the pair it belongs to
/// @param number of the packet, from 1, never the same twice
record Mark(int stream, long number) {
  static final int LENGTH = 16;

  private static final int OURS = 0x52_46_43_48;

  ByteBuffer bytes() {
    return ByteBuffer.allocate(LENGTH).putInt(OURS).putInt(stream).putLong(number).flip();
  }

  /// The mark at the end of a packet.
  static Optional<Mark> of(byte[] packet, int length) {
    if (length < LENGTH) {
      return Optional.empty();
    }
    ByteBuffer end = ByteBuffer.wrap(packet, length - LENGTH, LENGTH);
    return end.getInt() == OURS
        ? Optional.of(new Mark(end.getInt(), end.getLong()))
        : Optional.empty();
  }
}
