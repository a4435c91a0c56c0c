package dev.ringfence.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Says on standard error what is going on, once it takes longer than a second.
final class Progress {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// How soon other words are seen.
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Console console;
  private final Supplier<String> what;
  private String shown = "";
  private boolean over;

  private Progress(Console console, Supplier<String> what) {
    this.console = console;
    this.what = what;
  }

  /// Does the work; meanwhile, on a terminal, one line counts the seconds and goes when it is done.
  /// Elsewhere the line is printed once.
  static <T> T during(Console console, String what, Callable<T> work) throws Exception {
    return during(console, () -> what, work);
  }

  /// As above, with words that may change meanwhile.
  static <T> T during(Console console, Supplier<String> what, Callable<T> work) throws Exception {
    Progress progress = new Progress(console, what);
    Thread clock = Thread.ofPlatform().daemon().start(progress::count);
    try {
      return work.call();
    } finally {
      progress.end();
      clock.interrupt();
    }
  }

  private void count() {
    long start = System.nanoTime();
    try {
      Thread.sleep(PATIENCE);
      while (true) {
        say(Duration.ofNanos(System.nanoTime() - start).toSeconds());
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException _) {
      // The work is done.
    }
  }

  private synchronized void say(long seconds) {
    if (over) {
      return;
    }
    if (console.terminal()) {
      show("\r\u001b[K" + what.get() + " … " + seconds + " s");
    } else if (shown.isEmpty()) {
      show(what.get() + " …\n");
    }
  }

  private void show(String line) {
    if (!line.equals(shown)) {
      shown = line;
      print(line);
    }
  }

  /// Nothing is said afterwards.
  private synchronized void end() {
    over = true;
    if (console.terminal() && !shown.isEmpty()) {
      print("\r\u001b[K");
    }
  }

  private void print(String text) {
    console.err().print(text);
    console.err().flush();
  }
}
