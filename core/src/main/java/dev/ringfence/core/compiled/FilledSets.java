package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.Interests.Interest;
import dev.ringfence.core.model.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tables whose sets are kept up, or counted, and which of them care about a kind of pods.
///
/// A kind is held against each table once, so a pod of a known kind costs only the sets it is in.
final class FilledSets {
  private final List<GroupSets> all = new ArrayList<>();
  private int dropped;
  private int epoch;
  private long next;
  private boolean stale;

  void add(GroupSets filled) {
    filled.number = next++;
    all.add(filled);
  }

  void drop(GroupSets sets) {
    dropped += sets.isCounted() ? 1 : 0;
    if (dropped > all.size() / 2) {
      all.removeIf(GroupSets::isDropped);
      dropped = 0;
      epoch++;
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// Whether some table may show other sets than when this was last asked.
  boolean takeStale() {
    boolean out = stale;
    stale = false;
    return out;
  }

  /// An address changed hands, or found an owner, or lost it (null).
  void moved(Address address, @Nullable Member from, @Nullable Member to) {
    if (from != null && to != null && from.kind == to.kind) {
      return;
    }
    List<Interest> former = from == null ? List.of() : interested(from.kind);
    List<Interest> now = to == null ? List.of() : interested(to.kind);
    int f = 0;
    int n = 0;
    while (f < former.size() || n < now.size()) {
      int order =
          f == former.size() ? 1 : n == now.size() ? -1 : former.get(f).compareTo(now.get(n));
      Interest left = order <= 0 ? former.get(f++) : null;
      Interest joined = order >= 0 ? now.get(n++) : null;
      stale |= move(address, left, joined);
    }
  }

  /// Both of one table, or one of them null.
  private static boolean move(Address address, @Nullable Interest left, @Nullable Interest joined) {
    GroupSets sets = Objects.requireNonNull(left != null ? left : joined).sets();
    return sets.move(
        address,
        left == null ? GroupSets.NOWHERE : left.peers(),
        joined == null ? GroupSets.NOWHERE : joined.peers());
  }

  private List<Interest> interested(Kind kind) {
    Interests known = kind.interests;
    if (known.epoch != epoch) {
      known.all.clear();
      known.upTo = 0;
      known.epoch = epoch;
    }
    for (; known.upTo < all.size(); known.upTo++) {
      GroupSets sets = all.get(known.upTo);
      if (!sets.isDropped()) {
        sets.interest(kind).ifPresent(known.all::add);
      }
    }
    return known.all;
  }
}
