package dev.ringfence.lab.chaos;

import dev.ringfence.lab.traffic.Capture;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sees what arrives in every namespace, on one thread, and enters it.
final class Watch implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(4);

  private final Ledger ledger;
  private final Map<String, Capture> captures = new HashMap<>();
  private final Thread thread;
  private long lookedAt = System.nanoTime();
  private volatile boolean stop;
  private volatile @Nullable RuntimeException failed;

  Watch(Ledger ledger) {
    this.ledger = ledger;
    this.thread = Thread.ofPlatform().name("chaos watch").daemon().start(this::look);
  }

  synchronized void open(String namespace) throws Exception {
    captures.put(namespace, Capture.in(namespace));
  }

  synchronized void close(String namespace) {
    Capture capture = captures.remove(namespace);
    if (capture != null) {
      capture.close();
    }
  }

  private void look() {
    try {
      while (!stop) {
        once(false);
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      failed = broken;
    }
  }

  private synchronized void once(boolean last) {
    long now = System.nanoTime();
    boolean unseen = false;
    for (Capture capture : captures.values()) {
      capture.drainWhole(
          (packet, bytes, length) -> ledger.arrived(packet, Mark.of(bytes, length), lookedAt));
      unseen |= capture.lost() > 0;
    }
    lookedAt = now;
    ledger.look(unseen, last);
  }

  /// @throws IllegalStateException if it does not see any more
  void requireAlive() {
    RuntimeException broken = failed;
    if (broken != null) {
      throw new IllegalStateException("nobody sees what arrives", broken);
    }
  }

  /// Enters what is still there; nothing is under way afterwards.
  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (failed == null) {
        once(true);
      }
      captures.values().forEach(Capture::close);
      captures.clear();
    }
  }
}
