package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.Effects;
import dev.ringfence.lab.api.store.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How far what was written is in force, and what of it is not: the worker says it, and whoever
/// writes through the API waits for it.
final class InForce implements Effects {
  private final Duration patience;
  private long revision;
  private Runnable hurry = () -> {};
  private Map<Key, String> not = Map.of();

  /// Why nothing of it is, or empty.
  private String stuck = "";

  /// @param patience after which a writer is told that it is not yet in force
  InForce(Duration patience) {
    this.patience = patience;
  }

  /// Tells the worker, from now on, that somebody waits.
  synchronized void wakes(Runnable worker) {
    hurry = worker;
  }

  /// Everything up to a revision is in force, but for these, and why.
  synchronized void reached(long now, Map<Key, String> without) {
    revision = now;
    not = Map.copyOf(without);
    stuck = "";
    notifyAll();
  }

  /// What was written up to a revision cannot be brought about.
  synchronized void failed(long now, String why) {
    revision = now;
    stuck = why;
    notifyAll();
  }

  @Override
  public synchronized List<String> await(List<Key> keys, long wanted) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    if (revision < wanted) {
      hurry.run();
    }
    while (revision < wanted) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return List.of("not yet in force: the lab is busy");
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    if (!stuck.isEmpty()) {
      return List.of("not in force: " + stuck);
    }
    return keys.stream()
        .map(not::get)
        .filter(why -> why != null)
        .map(w -> "not in force: " + w)
        .toList();
  }
}
