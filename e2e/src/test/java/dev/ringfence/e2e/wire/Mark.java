package dev.ringfence.e2e.wire;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/// Bytes by which a packet is known again, wherever in it they lie.
public final class Mark {
  private static final long MAGIC = 0x72_66_2d_6d_61_72_6b_2dL; // "rf-mark-"
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Mark() {}

  /// One that was never given before in this process.
  public static int next() {
    return COUNT.incrementAndGet();
  }

  public static byte[] bytes(int mark) {
    return ByteBuffer.allocate(12).putLong(MAGIC).putInt(mark).array();
  }

  /// The mark in a packet, if there is one.
  public static OptionalInt in(byte[] packet, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(packet, 0, Math.min(packet.length, length));
    for (int at = 0; at + 12 <= bytes.limit(); at++) {
      if (bytes.getLong(at) == MAGIC) {
        return OptionalInt.of(bytes.getInt(at + 8));
      }
    }
    return OptionalInt.empty();
  }
}
