package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.store.Change;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.Stored;
import dev.ringfence.lab.api.store.Watch;
import java.util.Optional;
import java.util.function.Consumer;

/// Somebody in this process who hears of every object of a kind: first of all there are, as added,
/// then of every change, in order. On one thread of its own.
public final class Subscription implements AutoCloseable {
  private static final long LOOK_MILLIS = 60_000;

  private final Watch watch;
  private final Thread thread;

  private Subscription(Watch watch, Thread thread) {
    this.watch = watch;
    this.thread = thread;
  }

  static Subscription start(String name, Store.Listed listed, Consumer<ObjectEvent> listener) {
    Runnable work =
        () -> {
          for (Stored stored : listed.now().objects()) {
            listener.accept(new ObjectEvent(ObjectEvent.Type.ADDED, stored.object()));
          }
          follow(listed.changes(), listener);
        };
    return new Subscription(listed.changes(), Thread.ofVirtual().name(name).start(work));
  }

  private static void follow(Watch watch, Consumer<ObjectEvent> listener) {
    try {
      while (watch.isOpen()) {
        watch.poll(LOOK_MILLIS).map(Subscription::event).ifPresent(listener);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static ObjectEvent event(Change change) {
    Optional<Stored> after = change.after();
    if (after.isEmpty()) {
      return new ObjectEvent(ObjectEvent.Type.DELETED, change.before().orElseThrow().object());
    }
    return new ObjectEvent(
        change.before().isPresent() ? ObjectEvent.Type.MODIFIED : ObjectEvent.Type.ADDED,
        after.get().object());
  }

  /// No event is delivered after this has returned, unless the listener itself closes it.
  @Override
  public void close() {
    watch.close();
    thread.interrupt();
    if (Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException impatient) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
