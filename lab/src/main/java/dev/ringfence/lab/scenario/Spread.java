package dev.ringfence.lab.scenario;

/// Which of several backends a connection gets: its source port decides, so that clients spread,
/// and whoever picks the port picks the backend.
///
/// The lowest bit does not count: the kernel gives clients mostly even ports.
///
/// @param backends how many, at least one
public record Spread(int backends) {
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

  /// The bits of the source port that count.
  public int mask() {
    return (slots() - 1) << 1;
  }

  /// What a slot's source ports are under the mask.
  public int masked(int slot) {
    return slot << 1;
  }

  public int backendOf(int slot) {
    return slot % backends;
  }

  /// The backend that a client with this source port gets.
  public int backendOfPort(int sourcePort) {
    return backendOf((sourcePort & mask()) >>> 1);
  }
}
