package dev.ringfence.lab.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// When the machine dropped packets before any rule, since too many waited for a processor.
final class Overflows {
  private static final Path COUNTERS = Path.of("/proc/net/softnet_stat");
  private static final int REMEMBERED = 10_000;

  private final Deque<Overflow> seen = new ArrayDeque<>();
  private long count = count();
  private long lookedAt = System.nanoTime();

  private record Overflow(long from, long to) {}

  /// Reads the counters.
  void look() {
    long now = System.nanoTime();
    long counted = count();
    if (counted != count) {
      add(now);
    }
    count = counted;
    lookedAt = now;
  }

  /// Packets were lost between the last look and now.
  void add(long now) {
    seen.addLast(new Overflow(lookedAt, now));
    if (seen.size() > REMEMBERED) {
      seen.removeFirst();
    }
  }

  /// Whether any were dropped in this time.
  boolean during(long from, long to) {
    return seen.stream().anyMatch(one -> one.from - to <= 0 && one.to - from >= 0);
  }

  /// The second column of every processor, in hexadecimal digits.
  private static long count() {
    try {
      long out = 0;
      for (String processor : Files.readAllLines(COUNTERS)) {
        out += Long.parseLong(processor.split(" +", 3)[1], 16);
      }
      return out;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
