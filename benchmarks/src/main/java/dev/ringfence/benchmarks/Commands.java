package dev.ringfence.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Whole commands, from the shell's start of them to their end: wall time, processor time and peak
/// memory as the kernel counts them, by way of `/usr/bin/time` (Debian: `time`).
///
/// Arguments: rounds, then one or several launchers (`./ringfence`, and that of an earlier build).
/// `java -version` of the same JDK is measured beside them, as the least a Java program costs.
final class Commands {
  private record Variant(String name, List<String> command) {}

  /// @param wall seconds, as `cpu`
  /// @param memory largest resident set in MiB
  private record Cost(double wall, double cpu, double memory) {}

  private Commands() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory("ringfence-towns");
    try {
      List<Variant> variants = new ArrayList<>();
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      variants.add(new Variant("java -version", List.of(java, "-version")));
      for (int i = 1; i < args.length; i++) {
        variants.addAll(variants(args[i], folder));
      }
      measure(variants, rounds, folder.resolve("cost"));
    } finally {
      delete(folder);
    }
  }

  private static List<Variant> variants(String typed, Path folder) throws IOException {
    String launcher = Path.of(typed).toAbsolutePath().toString();
    String small = town(folder, "small", ManifestTown.SMALL);
    String large = town(folder, "large", ManifestTown.LARGE);
    String huge = town(folder, "huge", ManifestTown.HUGE);
    String dense = town(folder, "dense", ManifestTown.DENSE);
    return List.of(
        new Variant(typed + ": check, 50 manifests", List.of(launcher, "check", small)),
        new Variant(
            typed + ": query, 50 manifests",
            List.of(launcher, "query", "team-0/web", "team-1/api", "8080", "-f", small)),
        new Variant(typed + ": list, 50 manifests", List.of(launcher, "list", "-f", small)),
        new Variant(typed + ": list, 1,000 workloads", list(launcher, large)),
        new Variant(typed + ": list, 1,000 workloads, dense", list(launcher, dense)),
        new Variant(typed + ": list, 10,000 workloads", list(launcher, huge)));
  }

  private static List<String> list(String launcher, String folder) {
    return List.of(launcher, "list", "-o", "json", "-f", folder);
  }

  private static String town(Path folder, String name, ManifestTown town) throws IOException {
    Path to = folder.resolve(name);
    if (!Files.exists(to)) {
      town.write(Files.createDirectory(to));
    }
    return to.toString();
  }

  private static void measure(List<Variant> variants, int rounds, Path report) throws Exception {
    Cost[][] costs = new Cost[variants.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < variants.size(); i++) {
        // Even rounds forwards, odd ones backwards, so that a drift favours nobody.
        int at = round % 2 == 0 ? i : variants.size() - 1 - i;
        Cost cost = run(variants.get(at).command(), report);
        if (round >= 0) {
          costs[at][round] = cost;
        }
      }
    }
    System.out.printf("%-48s %22s %10s %8s%n", "medians", "wall s (quartiles)", "CPU s", "MiB");
    for (int i = 0; i < variants.size(); i++) {
      double[] wall = Stream.of(costs[i]).mapToDouble(Cost::wall).toArray();
      double[] cpu = Stream.of(costs[i]).mapToDouble(Cost::cpu).toArray();
      double[] memory = Stream.of(costs[i]).mapToDouble(Cost::memory).toArray();
      System.out.printf(
          Locale.ROOT,
          "%-48s %6.2f (%.2f to %.2f) %10.2f %8.0f%n",
          variants.get(i).name(),
          Rounds.quantile(wall, 0.5),
          Rounds.quantile(wall, 0.25),
          Rounds.quantile(wall, 0.75),
          Rounds.quantile(cpu, 0.5),
          Rounds.quantile(memory, 0.5));
    }
  }

  private static Cost run(List<String> command, Path report) throws Exception {
    List<String> timed = new ArrayList<>();
    timed.addAll(List.of("/usr/bin/time", "-q", "-f", "%e %U %S %M", "-o", report.toString()));
    timed.addAll(command);
    Process process =
        new ProcessBuilder(timed)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int exit = process.waitFor();
    if (exit > 1) {
      throw new IllegalStateException("exit code " + exit + ": " + String.join(" ", command));
    }
    String[] cost = Files.readString(report).strip().split(" ", -1);
    return new Cost(
        Double.parseDouble(cost[0]),
        Double.parseDouble(cost[1]) + Double.parseDouble(cost[2]),
        Double.parseDouble(cost[3]) / 1024);
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
