package dev.ringfence.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Says on standard error what is going on, once it takes longer than a second.
final class Progress {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private Progress() {}

  /// Does the work; meanwhile, on a terminal, one line counts the seconds and goes when it is done.
  /// Elsewhere the line is printed once.
  static <T> T during(Console console, String what, Callable<T> work) throws Exception {
    return during(console, () -> what, work);
  }

  /// As above, with words that may change meanwhile.
  static <T> T during(Console console, Supplier<String> what, Callable<T> work) throws Exception {
    Thread line = Thread.ofPlatform().daemon().start(() -> show(console, what));
    try {
      return work.call();
    } finally {
      line.interrupt();
      line.join();
    }
  }

  private static void show(Console console, Supplier<String> what) {
    long seconds = 0;
    try {
      while (true) {
        Thread.sleep(PATIENCE);
        seconds++;
        if (console.terminal()) {
          print(console, "\r\u001b[K" + what.get() + " … " + seconds + " s");
        } else if (seconds == 1) {
          print(console, what.get() + " …\n");
        }
      }
    } catch (InterruptedException e) {
      if (console.terminal() && seconds > 0) {
        print(console, "\r\u001b[K");
      }
    }
  }

  private static void print(Console console, String text) {
    console.err().print(text);
    console.err().flush();
  }
}
