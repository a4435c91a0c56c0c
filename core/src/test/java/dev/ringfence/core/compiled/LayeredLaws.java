package dev.ringfence.core.compiled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A layered map holds what a plain one would, and says exactly what changed since another.
class LayeredLaws {
  static LongStream seeds() {
    return Seeds.some(100);
  }

  private record Version(Layered<Object> map, Map<String, Object> plain) {}

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void versionsAreWhatPlainMapsWouldBe(long seed) {
    Dice dice = new Dice(seed);
    int keys = dice.oneOf(3, 40, 200);
    List<Version> versions = new ArrayList<>();
    Version now = new Version(Layered.empty(), Map.of());
    for (int i = 0; i < 30; i++) {
      versions.add(now);
      now = next(dice, dice.percent(80) ? now : dice.pick(versions), keys);
    }
    for (Version version : versions) {
      assertEquals(version.plain(), version.map());
      assertEquals(version.map(), version.plain());
      assertEquals(version.plain().hashCode(), version.map().hashCode());
      assertEquals(Layered.of(version.plain()), version.map());
      checkSince(version, dice.pick(versions));
    }
  }

  private static Version next(Dice dice, Version from, int keys) {
    Map<String, Object> changed = new HashMap<>();
    List<String> gone = new ArrayList<>();
    for (int i = dice.between(0, dice.oneOf(2, keys)); i > 0; i--) {
      String key = "k" + dice.between(1, keys);
      if (dice.percent(10)) {
        gone.add(key);
      } else if (dice.percent(70) || !from.plain().containsKey(key)) {
        changed.put(key, new Object());
      } else {
        changed.put(key, from.map().get(key));
      }
    }
    gone.removeAll(changed.keySet());
    Map<String, Object> plain = new HashMap<>(from.plain());
    plain.putAll(changed);
    plain.keySet().removeAll(Set.copyOf(gone));
    Layered<Object> map = from.map().with(changed, gone);
    if (plain.equals(from.plain())) {
      assertSame(from.map(), map);
    }
    return new Version(map, Map.copyOf(plain));
  }

  private static void checkSince(Version after, Version before) {
    Set<String> changed = new HashSet<>(after.plain().keySet());
    changed.removeIf(key -> Objects.equals(after.plain().get(key), before.plain().get(key)));
    Set<String> gone = new HashSet<>(before.plain().keySet());
    gone.removeAll(after.plain().keySet());
    Layered.Since since = after.map().changedSince(before.map());
    assertEquals(changed, Set.copyOf(since.changed()));
    assertEquals(gone, Set.copyOf(since.gone()));
    assertEquals(changed.size(), since.changed().size());
    assertEquals(gone.size(), since.gone().size());
  }
}
