package dev.ringfence.e2e;

import dev.ringfence.e2e.wire.Space;
import java.time.Duration;
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
final class Volley {
  private static final List<Duration> AGAIN =
      List.of(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(1500));
  private static final Duration LATE = Duration.ofMillis(60);

  private Volley() {}

  /// Which of these arrive.
  ///
  /// @param expected whether one should
  static Set<Shot> arrived(List<Shot> shots, Predicate<Shot> expected) throws Exception {
    send(shots);
    for (Duration patience : AGAIN) {
      List<Shot> missing = missing(shots, expected, patience);
      send(missing);
    }
    missing(shots, expected, AGAIN.getLast());
    Thread.sleep(LATE);
    Set<Shot> out = new LinkedHashSet<>();
    shots.stream().filter(Shot::arrived).forEach(out::add);
    return out;
  }

  private static List<Shot> missing(List<Shot> shots, Predicate<Shot> expected, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      List<Shot> missing = shots.stream().filter(expected).filter(shot -> !shot.arrived()).toList();
      if (missing.isEmpty() || System.nanoTime() >= end) {
        return missing;
      }
      Thread.sleep(5);
    }
  }

  private static void send(List<Shot> shots) throws Exception {
    Map<Space, List<Shot>> bySpace = new LinkedHashMap<>();
    shots.forEach(
        shot -> bySpace.computeIfAbsent(shot.from(), at -> new java.util.ArrayList<>()).add(shot));
    for (Map.Entry<Space, List<Shot>> from : bySpace.entrySet()) {
      from.getKey().send(from.getValue().stream().map(Shot::packet).toArray(byte[][]::new));
    }
  }
}
