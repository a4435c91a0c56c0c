package dev.ringfence.benchmarks;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftFamily;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What one remote pod that comes or goes costs the node: the engine, the whole way into the
/// kernel, and, for comparison, one address through an `nft` process.
///
/// Argument: how many events (2,000).
final class SetUpdate {
  private static final TableName PLAIN = new TableName(NftFamily.INET, "plain");
  private static final NftSet ONE = NftSet.hash(PLAIN, "one", KeyType.IPV4, 65_536, "");

  private SetUpdate() {}

  public static void main(String[] args) {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    try (Rig rig = new Rig("update")) {
      rig.onNode(() -> {
        measure(events);
        return 0;
      });
      print("one address over our socket", rig.onNode(() -> overSocket(events)));
      print("one address through an nft process", rig.onNode(() -> throughNft(events / 10)));
    }
  }

  /// A set of 1,000 addresses that takes one more in each transaction.
  private static double[] overSocket(int events) {
    try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
      Batch start = new Batch();
      start.add(NftTable.plain(PLAIN, ""));
      start.add(ONE);
      List<NftElement> first = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        first.add(address(i));
      }
      start.addElements(ONE, first);
      socket.transact(start);
      double[] out = new double[events];
      for (int i = 0; i < events; i++) {
        long before = System.nanoTime();
        Batch batch = new Batch();
        batch.addElements(ONE, List.of(address(1_000 + i)));
        socket.transact(batch);
        out[i] = micros(before);
      }
      return out;
    }
  }

  private static NftElement address(int number) {
    return NftElement.of(Bytes.copyOf(Address.ofV4((10 << 24) + number).bytes()));
  }

  /// A process started on the node's thread is in its namespace.
  private static double[] throughNft(int events) {
    double[] out = new double[events];
    for (int i = 0; i < events; i++) {
      String element = "add element inet plain one { 10.9." + i / 250 + "." + i % 250 + " }";
      long before = System.nanoTime();
      Ip.run(element, "nft", "-f", "-");
      out[i] = micros(before);
    }
    return out;
  }

  private static void measure(int events) {
    ShopTown town = ShopTown.of(20_000, 10_000);
    PolicyEngine engine = new PolicyEngine();
    Snapshot now = town.snapshot();
    NodePolicy first = engine.apply(Changes.from(town.policies(), now)).forNode(ShopTown.NODE);
    double[] compile = new double[events];
    double[] kernel = new double[events];
    double[] whole = new double[events];
    Pod model = now.pods().get(new ObjectName("town-1", "pod-101"));
    if (model == null) {
      throw new IllegalStateException("the town has no such pod");
    }
    try (NftablesDataplane dataplane =
        NftablesDataplane.open(DataplaneOptions.STANDARD.withTableOwner(false))) {
      dataplane.apply(first, Wires.NONE, 1);
      for (int i = 0; i < events; i++) {
        ObjectName name = new ObjectName("town-1", "guest-" + i / 2);
        Change change =
            i % 2 == 0 ? new Change.PodSet(guest(model, name, i)) : new Change.PodGone(name);
        long before = System.nanoTime();
        NodePolicy policy = engine.apply(Changes.of(change)).forNode(ShopTown.NODE);
        compile[i] = micros(before);
        kernel[i] = dataplane.apply(policy, Wires.NONE, i + 2).kernelMicros();
        whole[i] = micros(before);
      }
    }
    print("one remote pod: engine", compile);
    print("one remote pod: transaction in the kernel", kernel);
    print("one remote pod: all", whole);
  }

  private static Pod guest(Pod model, ObjectName name, int number) {
    return new Pod(
            name,
            "guest-" + number,
            model.labels(),
            model.node(),
            false,
            model.addresses(),
            model.phase(),
            model.startTime(),
            model.ports(),
            model.workload())
        .withAddresses(List.of(Address.ofV4((10 << 24 | 250 << 16) + number / 2)));
  }

  private static double micros(long since) {
    return (System.nanoTime() - since) / 1000.0;
  }

  private static void print(String what, double[] values) {
    System.out.printf(
        Locale.ROOT,
        "%-42s p50 %8.0f µs   p95 %8.0f µs   p99 %8.0f µs%n",
        what,
        Rounds.quantile(values, 0.5),
        Rounds.quantile(values, 0.95),
        Rounds.quantile(values, 0.99));
  }
}
