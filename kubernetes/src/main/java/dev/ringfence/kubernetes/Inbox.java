package dev.ringfence.kubernetes;

import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.model.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Changes on their way from the watches to whoever takes them in: many put, one takes.
///
/// Nothing comes out before every kind has been listed once: a policy that is not known yet must
/// not open anything, nor a pod close it (S125). Later lists come in whole, too. What nobody takes
/// adds up to no more than one change an object.
public final class Inbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Set<LiveKind> missing;
  private final Map<Key, Change> changes = new LinkedHashMap<>();
  private final Map<Key, Notice> notices = new LinkedHashMap<>();
  private final Map<LiveKind, String> reached = new EnumMap<>(LiveKind.class);
  private long since;
  private int events;
  private boolean closed;

  /// The first batch comes out even if there is nothing in the cluster.
  private boolean first = true;

  private record Key(LiveKind kind, ObjectName name) {}

  /// What one object has become.
  ///
  /// @param change empty where nothing of it can be taken in
  /// @param notice empty where nothing about it is to be said
  record Item(LiveKind kind, ObjectName name, Optional<Change> change, Optional<Notice> notice) {}

  Inbox(Set<LiveKind> kinds) {
    this.missing = EnumSet.copyOf(kinds);
  }

  /// Takes in what belongs together: it comes out together.
  ///
  /// @param version up to which everything of the kind has been put in now
  void put(LiveKind kind, Collection<Item> items, String version) {
    lock.lock();
    try {
      if (!version.isEmpty()) {
        reached.put(kind, version);
      }
      if (items.isEmpty()) {
        return;
      }
      if (changes.isEmpty() && notices.isEmpty()) {
        since = System.nanoTime();
      }
      for (Item item : items) {
        Key key = new Key(item.kind(), item.name());
        item.change()
            .ifPresent(change -> {
              changes.remove(key);
              changes.put(key, change);
            });
        item.notice().ifPresent(notice -> notices.put(key, notice));
      }
      events += items.size();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A whole list of this kind is in.
  void listed(LiveKind kind) {
    lock.lock();
    try {
      if (missing.remove(kind) && missing.isEmpty()) {
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether every kind has been listed.
  public boolean synced() {
    lock.lock();
    try {
      return missing.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Everything that came since the last call, as soon as there is anything.
  ///
  /// @return empty after this time, or once the inbox is closed
  public Optional<Batch> take(Duration longest) throws InterruptedException {
    lock.lock();
    try {
      return await(longest) ? Optional.of(out()) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// What is there already, if only how far it goes.
  ///
  /// @return empty before everything was listed
  public Optional<Batch> poll() {
    lock.lock();
    try {
      return missing.isEmpty() ? Optional.of(out()) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is anything to take, or so long, or until the inbox is closed.
  ///
  /// @return whether there is
  public boolean await(Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (!ready() && !closed && left > 0) {
        left = news.awaitNanos(left);
      }
      return ready();
    } finally {
      lock.unlock();
    }
  }

  private Batch out() {
    boolean something = !changes.isEmpty() || !notices.isEmpty();
    Batch batch =
        new Batch(
            new Changes(new ArrayList<>(changes.values())),
            List.copyOf(notices.values()),
            something ? since : System.nanoTime(),
            events,
            reached);
    changes.clear();
    notices.clear();
    events = 0;
    first = false;
    return batch;
  }

  private boolean ready() {
    return missing.isEmpty() && (first || !(changes.isEmpty() && notices.isEmpty()));
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
