package dev.ringfence.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a new TCP connection costs: connect, one byte there, one byte back, close.
///
/// Arguments: rounds (30), milliseconds each variant runs in a round (400).
final class Crr {
  private Crr() {}

  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 30;
    long millis = args.length > 1 ? Long.parseLong(args[1]) : 400;
    Map<String, Consumer<Rig>> variants = new LinkedHashMap<>();
    variants.put("tracking only", Shapes::trackingOnly);
    variants.put("ours, 1 policy", rig -> Shapes.ours(rig, 1, true));
    variants.put("ours, 100 policies", rig -> Shapes.ours(rig, 100, true));
    variants.put("ours, 10,000 policies", rig -> Shapes.ours(rig, 10_000, true));
    variants.put("ours, 10,000, no guard", rig -> Shapes.ours(rig, 10_000, false));
    variants.put("linear 1,000, established first", rig -> Shapes.linear(rig, 1_000, true));
    variants.put("linear 1,000, every packet", rig -> Shapes.linear(rig, 1_000, false));
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Rounds measured = new Rounds();
      variants.forEach((name, shape) -> {
        Rig rig = new Rig("v" + open.size());
        open.add(rig);
        shape.accept(rig);
        ConnectRequestClose load = new ConnectRequestClose(rig);
        open.add(load);
        measured.add(name, () -> load.run(millis) * 1000 / millis);
      });
      measured.run(3, rounds, "connections/s");
    } finally {
      open.reversed().forEach(Crr::close);
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      System.err.println("not closed: " + e);
    }
  }
}
