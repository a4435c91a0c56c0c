package dev.ringfence.core.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Seeded choices.
public final class Dice {
  private final Random random;

  public Dice(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
  }

  /// True so many times in a hundred.
  public boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /// A whole number, both bounds included.
  public int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  public <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  @SafeVarargs
  public final <T> T oneOf(T... items) {
    return items[random.nextInt(items.length)];
  }

  /// Up to so many different items.
  public <T> List<T> some(List<T> items, int most) {
    List<T> out = shuffled(items);
    return List.copyOf(out.subList(0, Math.min(out.size(), between(0, most))));
  }

  public <T> List<T> shuffled(List<T> items) {
    List<T> out = new ArrayList<>(items);
    Collections.shuffle(out, random);
    return out;
  }
}
