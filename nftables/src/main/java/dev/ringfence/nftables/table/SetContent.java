package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.NftSet;
import java.util.OptionalInt;

/// A set or map and its elements.
public record SetContent(NftSet set, Members members) {
  private static final int SMALLEST = 64;

  /// Room that a set of so many members gets: twice as many, so that few changes move it.
  static int roomFor(int members) {
    return Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, members)) * 4);
  }

  /// This set in the room that it already has, unless that is too small, or far too large.
  SetContent keepingRoomOf(SetContent before) {
    if (set.size().isEmpty() || before.set.size().isEmpty()) {
      return this;
    }
    if (set.size().equals(before.set.size())) {
      return this;
    }
    int has = before.set.size().getAsInt();
    boolean fits = members.count() <= has && has <= 8 * set.size().getAsInt();
    return fits ? new SetContent(withSize(has), members) : this;
  }

  private NftSet withSize(int size) {
    return new NftSet(
        set.table(),
        set.name(),
        set.key(),
        set.interval(),
        set.data(),
        OptionalInt.of(size),
        set.comment());
  }
}
