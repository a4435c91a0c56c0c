package dev.ringfence.e2e;

import dev.ringfence.e2e.wire.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Many packets at once, each from where its sender lives.
///
/// What should arrive is sent again a few times before we believe that it does not; what should not
/// is sent once.
public final class Volley {
  private static final List<Duration> AGAIN =
      List.of(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(1500));
  private static final Duration LATE = Duration.ofMillis(60);

  private Volley() {}

  /// One packet of many.
  public interface Round {
    /// Where it is sent.
    Space from();

    byte[] packet();

    /// Whether it was heard where it should arrive.
    boolean arrived();
  }

  /// Which of these arrive.
  ///
  /// @param expected whether one should
  public static <R extends Round> Set<R> arrived(List<R> shots, Predicate<R> expected)
      throws Exception {
    send(shots);
    for (Duration patience : AGAIN) {
      List<R> missing = missing(shots, expected, patience);
      send(missing);
    }
    missing(shots, expected, AGAIN.getLast());
    Thread.sleep(LATE);
    Set<R> out = new LinkedHashSet<>();
    shots.stream().filter(Round::arrived).forEach(out::add);
    return out;
  }

  private static <R extends Round> List<R> missing(
      List<R> shots, Predicate<R> expected, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      List<R> missing = shots.stream().filter(expected).filter(shot -> !shot.arrived()).toList();
      if (missing.isEmpty() || System.nanoTime() >= end) {
        return missing;
      }
      Thread.sleep(5);
    }
  }

  private static void send(List<? extends Round> shots) throws Exception {
    Map<Space, List<Round>> bySpace = new LinkedHashMap<>();
    shots.forEach(shot -> bySpace.computeIfAbsent(shot.from(), key -> new ArrayList<>()).add(shot));
    for (Map.Entry<Space, List<Round>> from : bySpace.entrySet()) {
      from.getKey().send(from.getValue().stream().map(Round::packet).toArray(byte[][]::new));
    }
  }
}
