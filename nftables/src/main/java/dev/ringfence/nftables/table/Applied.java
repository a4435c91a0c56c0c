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
  public static final Applied NOTHING = new Applied(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

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

  /// This and what was done after it.
  Applied then(Applied next) {
    return new Applied(
        elementsAdded + next.elementsAdded,
        elementsDeleted + next.elementsDeleted,
        setsAdded + next.setsAdded,
        setsDeleted + next.setsDeleted,
        chainsAdded + next.chainsAdded,
        chainsDeleted + next.chainsDeleted,
        bytesSent + next.bytesSent,
        kernelMicros + next.kernelMicros,
        totalMicros + next.totalMicros,
        next.unguarded);
  }

  /// With the whole time and what is left unguarded.
  ///
  /// @param marked whether one of the elements added only marks the generation
  /// @param unmarked likewise of those deleted
  Applied finished(long micros, int unguardedPods, boolean marked, boolean unmarked) {
    return new Applied(
        elementsAdded - (marked ? 1 : 0),
        elementsDeleted - (unmarked ? 1 : 0),
        setsAdded,
        setsDeleted,
        chainsAdded,
        chainsDeleted,
        bytesSent,
        kernelMicros,
        micros,
        unguardedPods);
  }
}
