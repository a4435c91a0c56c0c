package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.Batch;

/// What one change did to the kernel.
///
/// @param elementsAdded members of sets and entries of maps; the mark of the generation not counted
/// @param setsAdded sets and maps, new or made anew in other room
/// @param bytesSent of all transactions it took
/// @param kernelMicros from sending to the last acknowledgement
/// @param totalMicros with working out what differs
/// @param unguarded local pods whose wire is unknown or gone
public record Applied(
    long elementsAdded,
    long elementsDeleted,
    int setsAdded,
    int setsDeleted,
    int chainsAdded,
    int chainsDeleted,
    long bytesSent,
    long kernelMicros,
    long totalMicros,
    int unguarded) {
  static final Applied NOTHING = new Applied(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// This and one more transaction.
  Applied and(Batch sent, long nanos) {
    return new Applied(
        elementsAdded + sent.elementsAdded(),
        elementsDeleted + sent.elementsDeleted(),
        setsAdded + sent.setsAdded(),
        setsDeleted + sent.setsDeleted(),
        chainsAdded + sent.chainsAdded(),
        chainsDeleted + sent.chainsDeleted(),
        bytesSent + sent.size(),
        kernelMicros + nanos / 1000,
        totalMicros,
        unguarded);
  }

  /// Without the elements that only mark the generation.
  Applied but(boolean added, boolean deleted) {
    return new Applied(
        elementsAdded - (added ? 1 : 0),
        elementsDeleted - (deleted ? 1 : 0),
        setsAdded,
        setsDeleted,
        chainsAdded,
        chainsDeleted,
        bytesSent,
        kernelMicros,
        totalMicros,
        unguarded);
  }

  Applied with(int unguardedPods) {
    return new Applied(
        elementsAdded,
        elementsDeleted,
        setsAdded,
        setsDeleted,
        chainsAdded,
        chainsDeleted,
        bytesSent,
        kernelMicros,
        totalMicros,
        unguardedPods);
  }

  Applied withTotal(long micros) {
    return new Applied(
        elementsAdded,
        elementsDeleted,
        setsAdded,
        setsDeleted,
        chainsAdded,
        chainsDeleted,
        bytesSent,
        kernelMicros,
        micros,
        unguarded);
  }
}
