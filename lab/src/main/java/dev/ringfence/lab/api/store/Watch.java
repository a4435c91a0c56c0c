package dev.ringfence.lab.api.store;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The changes of one resource from one revision on, in order, none left out: taken by one reader
/// at its own pace. A reader that falls too far behind is cut off.
public final class Watch implements AutoCloseable {
  private static final int MOST_WAITING = 100_000;

  private final String resource;
  private final Consumer<Watch> leave;
  private final BlockingQueue<Signal> waiting = new LinkedBlockingQueue<>();
  private volatile boolean open = true;
  private volatile long seen;

  private sealed interface Signal {
    record Changed(Change change) implements Signal {}

    record Over() implements Signal {}
  }

  Watch(String resource, long from, Consumer<Watch> leave) {
    this.resource = resource;
    this.seen = from;
    this.leave = leave;
  }

  /// Called in the order of revisions.
  void offer(Change change) {
    if (change.key().resource().equals(resource)) {
      waiting.add(new Signal.Changed(change));
      if (waiting.size() > MOST_WAITING) {
        close();
      }
    }
    seen = change.revision();
  }

  /// The next change, or empty if there is none for so long, or no more at all.
  public Optional<Change> poll(long millis) throws InterruptedException {
    if (!open) {
      return Optional.empty();
    }
    return waiting.poll(millis, TimeUnit.MILLISECONDS) instanceof Signal.Changed(Change change)
        ? Optional.of(change)
        : Optional.empty();
  }

  /// A revision whose changes, and those before, were all taken: empty while some are waiting.
  public Optional<Long> caughtUp() {
    long revision = seen;
    return waiting.isEmpty() ? Optional.of(revision) : Optional.empty();
  }

  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    leave.accept(this);
    waiting.add(new Signal.Over());
  }
}
