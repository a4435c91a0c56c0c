package dev.ringfence.benchmarks;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.Rows;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Compiling whole clusters from nothing: for one node of a hundred pods, and a row of the verdict
/// table for every pod and direction.
///
/// Arguments: how many rounds (5); which town (all, -1); `node` or `all` alone (both). The heap is
/// what is left after collecting, less the cluster itself; the highest that compiling needs is what
/// `-Xmx` it still runs in.
final class EngineScratch {
  private EngineScratch() {}

  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    for (int t = 0; t < EngineTown.ALL.size(); t++) {
      if (args.length < 2 || Integer.parseInt(args[1]) == t || args[1].equals("-1")) {
        String only = args.length < 3 ? "" : args[2];
        measure(EngineTown.ALL.get(t), rounds, !only.equals("all"), !only.equals("node"));
      }
    }
  }

  private static void measure(EngineTown town, int rounds, boolean node, boolean all) {
    Snapshot now = town.snapshot();
    Policies policies = town.policies();
    System.out.printf("%s: %,d policies%n", town, policies.network().size());
    double before = Gauge.heap();
    double[][] forNode = new double[2][rounds];
    double[][] forAll = new double[2][rounds];
    for (int round = -2; round < rounds; round++) {
      boolean last = round == rounds - 1;
      if (node) {
        Gauge gauge = new Gauge();
        CompiledPolicy compiled = new PolicyEngine().apply(Changes.from(policies, now));
        NodePolicy answer = compiled.forNode(EngineTown.NODE);
        note(forNode, round, gauge);
        if (last) {
          heap("node", before, answer, compiled);
        }
      }
      if (all) {
        Gauge gauge = new Gauge();
        CompiledPolicy compiled = new PolicyEngine().apply(Changes.from(policies, now));
        Rows rows = rows(compiled, now);
        note(forAll, round, gauge);
        if (last) {
          heap("whole cluster", before, rows, compiled);
        }
      }
    }
    if (node) {
      print("node", forNode);
    }
    if (all) {
      print("whole cluster", forAll);
    }
  }

  private static Rows rows(CompiledPolicy compiled, Snapshot now) {
    List<Endpoint> ends = new ArrayList<>();
    for (Pod pod : now.pods().values()) {
      ends.add(new Endpoint.OfPod(pod, Optional.of(pod.knownAddresses().getFirst())));
    }
    Rows rows = compiled.rows(ends);
    for (Pod pod : now.pods().values()) {
      rows.of(Direction.INGRESS, pod);
      rows.of(Direction.EGRESS, pod);
    }
    return rows;
  }

  private static void note(double[][] into, int round, Gauge gauge) {
    if (round == -2) {
      print("cold", new double[][] {{gauge.wallMicros() / 1e3}, {gauge.cpuMicros() / 1e3}});
    } else if (round >= 0) {
      into[0][round] = gauge.wallMicros() / 1e3;
      into[1][round] = gauge.cpuMicros() / 1e3;
    }
  }

  private static void heap(String what, double before, Object answer, CompiledPolicy compiled) {
    System.out.printf(
        Locale.ROOT,
        "  %-14s heap after collecting %6.0f MiB   %s%n",
        what,
        Gauge.heap() - before,
        answer instanceof NodePolicy node ? sizes(node) : compiled.getClass().getSimpleName());
  }

  private static String sizes(NodePolicy node) {
    return "%d pods, %d groups, %d sets, %,d members"
        .formatted(
            node.pods().size(),
            node.groups().size(),
            node.sets().size(),
            node.sets().values().stream().mapToLong(set -> set.members().size()).sum());
  }

  private static void print(String what, double[][] values) {
    System.out.printf(
        Locale.ROOT,
        "  %-14s median %6.0f ms on the wall, %6.0f ms of this thread's processor time%n",
        what,
        Rounds.quantile(values[0], 0.5),
        Rounds.quantile(values[1], 0.5));
  }
}
