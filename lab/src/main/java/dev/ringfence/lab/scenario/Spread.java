package dev.ringfence.lab.scenario;

import dev.ringfence.core.model.Address;

/// Which of several backends a connection gets. Its source port decides, so that clients spread,
/// and whoever picks the port picks the backend; or its source address, so that each client keeps
/// its backend for good (`sessionAffinity: ClientIP`).
///
/// The lowest bit of a port does not count: the kernel gives clients mostly even ones.
///
/// @param backends how many, at least one
/// @param sticky the address decides, by its last 16 bits
public record Spread(int backends, boolean sticky) {
  private static final int SLOTS_EACH = 8;
  private static final int MOST_SLOTS = 1 << 14;

  public Spread {
    if (backends < 1 || backends > MOST_SLOTS) {
      throw new IllegalArgumentException(backends + " backends");
    }
  }

  /// A power of two; each slot leads to one backend, and none has many more slots than another.
  public int slots() {
    int wanted = Math.min(MOST_SLOTS, backends * SLOTS_EACH);
    return Integer.highestOneBit(Math.max(1, wanted * 2 - 1));
  }

  /// The bits that count, of the source port or of the address's last 16.
  public int mask() {
    return masked(slots() - 1);
  }

  /// What a slot's clients have under the mask.
  public int masked(int slot) {
    return sticky ? slot : slot << 1;
  }

  public int backendOf(int slot) {
    return slot % backends;
  }

  /// The backend that this client gets.
  public int backendOf(Address from, int port) {
    byte[] bytes = from.bytes();
    int last16 = (bytes[bytes.length - 2] & 0xFF) << 8 | (bytes[bytes.length - 1] & 0xFF);
    return backendOf(sticky ? last16 & mask() : (port & mask()) >>> 1);
  }
}
