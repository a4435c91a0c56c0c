package dev.ringfence.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Measures several variants in turn, round by round, and compares each with the first of its own
/// round: what the machine does meanwhile hits all of them alike.
final class Rounds {
  private record Variant(String name, LongSupplier measure) {}

  private final List<Variant> variants = new ArrayList<>();

  void add(String name, LongSupplier measure) {
    variants.add(new Variant(name, measure));
  }

  /// Prints a line a variant: its median, and quartiles of its ratio to the first variant.
  void run(int warmups, int rounds, String unit) {
    double[][] values = new double[variants.size()][rounds];
    for (int round = -warmups; round < rounds; round++) {
      for (int i = 0; i < variants.size(); i++) {
        // Even rounds forwards, odd ones backwards, so that a drift favours nobody.
        int at = round % 2 == 0 ? i : variants.size() - 1 - i;
        long value = variants.get(at).measure().getAsLong();
        if (round >= 0) {
          values[at][round] = value;
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %12s   %s%n",
        "variant",
        unit,
        "ratio to the first: median (quartiles)");
    for (int i = 0; i < variants.size(); i++) {
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = values[i][round] / values[0][round];
      }
      System.out.printf(
          Locale.ROOT,
          "%-34s %12.0f   %.3f (%.3f to %.3f)%n",
          variants.get(i).name(),
          quantile(values[i], 0.5),
          quantile(ratios, 0.5),
          quantile(ratios, 0.25),
          quantile(ratios, 0.75));
    }
  }

  static double quantile(double[] values, double at) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(at * (sorted.length - 1))];
  }
}
