package dev.ringfence.lab.api.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// The last changes, so that a watch can begin in the past and a list can be continued.
final class History {
  private final int most;
  private final Deque<Change> changes = new ArrayDeque<>();

  /// Every change after this revision is here.
  private long since;

  History(int most) {
    this.most = most;
  }

  void startAt(long revision) {
    changes.clear();
    since = revision;
  }

  void add(Change change) {
    changes.addLast(change);
    if (changes.size() > most) {
      since = changes.removeFirst().revision();
    }
  }

  /// @throws StoreException if some of them are forgotten
  List<Change> after(long revision) {
    check(revision);
    List<Change> out = new ArrayList<>();
    Iterator<Change> latest = changes.descendingIterator();
    while (latest.hasNext()) {
      Change change = latest.next();
      if (change.revision() <= revision) {
        break;
      }
      out.addFirst(change);
    }
    return out;
  }

  /// What was there at an earlier revision: what is there now, with the changes since taken back.
  ///
  /// @param now is changed into the answer
  void takeBack(long revision, SortedMap<Key, Stored> now) {
    check(revision);
    Iterator<Change> latest = changes.descendingIterator();
    while (latest.hasNext()) {
      Change change = latest.next();
      if (change.revision() <= revision) {
        return;
      }
      Optional<Stored> before = change.before();
      if (before.isPresent()) {
        now.put(change.key(), before.get());
      } else {
        now.remove(change.key());
      }
    }
  }

  private void check(long revision) {
    if (revision < since) {
      throw new StoreException(
          StoreException.Why.TOO_OLD, "too old resource version: " + revision + " (" + since + ")");
    }
  }
}
