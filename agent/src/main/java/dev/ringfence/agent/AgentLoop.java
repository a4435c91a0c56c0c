package dev.ringfence.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Whatever touches an agent's state happens here, one after the other, on the thread that calls
/// [#run]. What others want of it, they post; what is to happen again and again, is timed.
final class AgentLoop {
  /// Shows that the loop turns, also while there is nothing to do.
  private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(5);

  private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private final List<Timer> timers = new ArrayList<>();
  private volatile boolean stopped;
  private volatile long lastTurn = System.nanoTime();

  /// Something that happens again and again.
  private static final class Timer {
    private final long every;
    private final Runnable work;
    private long due;

    private Timer(Duration every, Runnable work) {
      this.every = every.toNanos();
      this.work = work;
      this.due = System.nanoTime() + this.every;
    }
  }

  /// Has it done again and again, so long after it was done last; before [#run] is called.
  ///
  /// @param every zero for never
  void every(Duration every, Runnable work) {
    if (!every.isZero()) {
      timers.add(new Timer(every, work));
    }
  }

  /// Has it done once, after what waits already; from any thread.
  void post(Runnable work) {
    waiting.add(work);
  }

  /// Has it answered, after what waits already; from any other thread.
  ///
  /// @throws TimeoutException if that took longer; it is then not answered any more
  /// @throws ExecutionException if there is no answer
  <T> T ask(Callable<T> question, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(question);
    post(task);
    try {
      return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException tooLong) {
      task.cancel(false);
      throw tooLong;
    }
  }

  /// Ends [#run] when what it is doing is done; from any thread.
  void stop() {
    stopped = true;
    post(() -> {});
  }

  /// How long the loop has been at the same piece of work, or without any.
  Duration sinceLastTurn() {
    return Duration.ofNanos(System.nanoTime() - lastTurn);
  }

  /// Does what is wanted until it is stopped.
  ///
  /// @throws InterruptedException if somebody interrupts the thread while it waits
  void run() throws InterruptedException {
    while (!stopped) {
      lastTurn = System.nanoTime();
      Runnable next = waiting.poll(untilNext(), TimeUnit.NANOSECONDS);
      if (next != null) {
        next.run();
      }
      for (Timer timer : timers) {
        if (!stopped && System.nanoTime() - timer.due >= 0) {
          timer.work.run();
          timer.due = System.nanoTime() + timer.every;
        }
      }
    }
  }

  private long untilNext() {
    long now = System.nanoTime();
    long least = HEARTBEAT;
    for (Timer timer : timers) {
      least = Math.min(least, timer.due - now);
    }
    return Math.max(0, least);
  }
}
