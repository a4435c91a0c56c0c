package dev.ringfence.benchmarks;

import dev.ringfence.nftables.table.Established;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// What the node's table costs traffic between two of its pods, against tracking connections only
/// and against the shapes that others give their tables.
///
/// Arguments: the load (`crr`: new TCP connections; `udp`: round trips; `packets`: UDP packets;
/// `bulk`: KiB of one TCP connection), rounds (30), milliseconds each variant runs in a round
/// (300).
final class Traffic {
  private static final Map<String, Function<Rig, Load>> LOADS =
      Map.of(
          "crr", ConnectRequestClose::new,
          "udp", UdpRoundTrips::new,
          "packets", UdpPackets::new,
          "bulk", BulkStream::new);

  private Traffic() {}

  public static void main(String[] args) {
    Function<Rig, Load> load = args.length > 0 ? LOADS.get(args[0]) : null;
    if (load == null) {
      throw new IllegalArgumentException("which load? one of " + LOADS.keySet());
    }
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    long millis = args.length > 2 ? Long.parseLong(args[2]) : 300;
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Rounds measured = new Rounds();
      variants()
          .forEach((name, shape) -> {
            Rig rig = new Rig("v" + open.size());
            open.add(rig);
            shape.accept(rig);
            Load running = load.apply(rig);
            open.add(running);
            measured.add(name, () -> running.run(millis) * 1000 / millis);
          });
      measured.run(3, rounds, args[0] + " a second");
    } finally {
      open.reversed().forEach(Traffic::close);
    }
  }

  private static Map<String, Consumer<Rig>> variants() {
    Map<String, Consumer<Rig>> out = new LinkedHashMap<>();
    out.put("tracking only", Shapes::trackingOnly);
    out.put("ours, 1 policy", rig -> Shapes.ours(rig, 1, true));
    out.put("ours, 100 policies", rig -> Shapes.ours(rig, 100, true));
    out.put("ours, 10,000 policies", rig -> Shapes.ours(rig, 10_000, true));
    out.put("ours, 10,000, no guard", rig -> Shapes.ours(rig, 10_000, false));
    out.put("ours, 10,000, kept", rig -> Shapes.ours(rig, 10_000, true, Established.Keep.STANDARD));
    for (int selecting : new int[] {1, 100, 1_000}) {
      Crowd crowd = new Crowd(selecting, 1);
      String of = ", %,d on the pod".formatted(selecting);
      out.put("ours" + of, rig -> Shapes.ours(rig, crowd));
      out.put("ours, 20 ports each" + of, rig -> Shapes.ours(rig, new Crowd(selecting, 20)));
      out.put("chain a policy" + of, rig -> Shapes.policyChains(rig, crowd));
      out.put("sets a policy" + of, rig -> Shapes.podChain(rig, crowd));
    }
    out.put("linear 1,000, established first", rig -> Shapes.linear(rig, 1_000, true));
    out.put("linear 1,000, every packet", rig -> Shapes.linear(rig, 1_000, false));
    return out;
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      System.err.println("not closed: " + e);
    }
  }
}
