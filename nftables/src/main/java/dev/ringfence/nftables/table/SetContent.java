package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.NftSet;
import java.util.OptionalInt;

/// A set or map and its elements.
public record SetContent(NftSet set, Members members) {
  private static final int SMALLEST = 64;

  /// How many times the room it would be given a set may keep.
  private static final int TOO_LARGE = 8;

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
    return fits(members, has) ? new SetContent(withSize(has), members) : this;
  }

  /// The same set with other members, in other room only where it must be.
  SetContent with(Members now) {
    return set.size().isEmpty() || fits(now, set.size().getAsInt())
        ? new SetContent(set, now)
        : new SetContent(withSize(roomFor(now.count())), now);
  }

  /// Whether the members of an older version of this set may stay until the new ones are there. Of
  /// a map they may not: a key would lead to two places.
  boolean hasRoomForBoth(SetContent before) {
    return members instanceof Members.Addresses
        && members.count() > before.members.count()
        && set.size().isPresent()
        && members.count() + before.members.count() <= set.size().getAsInt();
  }

  private static boolean fits(Members members, int room) {
    return members.count() <= room && room <= TOO_LARGE * roomFor(members.count());
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
