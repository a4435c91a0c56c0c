package dev.ringfence.lab.services;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftDump;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The Service tables of all nodes, each replaced in one transaction when it changes.
public final class ServiceTables {
  private final Instance instance;
  private final Map<String, ServiceTable> held = new HashMap<>();

  public ServiceTables(Instance instance) {
    this.instance = instance;
  }

  /// Programs every node.
  ///
  /// @throws Exception if the kernel refused; that node keeps what it had
  public void apply(Scenario scenario) throws Exception {
    List<Door> doors = Door.all(scenario);
    for (Node node : scenario.snapshot().nodes().values()) {
      ServiceTable table = ServiceTable.of(node, doors, scenario);
      if (!table.equals(held.get(node.name()))) {
        onNode(node.name(), socket -> socket.transact(table.batch()));
        held.put(node.name(), table);
      }
    }
  }

  /// Puts tables back of which somebody took something away; answers how many.
  public int repair() throws Exception {
    AtomicInteger repaired = new AtomicInteger();
    for (Map.Entry<String, ServiceTable> one : held.entrySet()) {
      onNode(
          one.getKey(),
          socket -> {
            if (!one.getValue().isThere(new NftDump(socket))) {
              socket.transact(one.getValue().batch());
              repaired.incrementAndGet();
            }
          });
    }
    return repaired.get();
  }

  private void onNode(String node, Consumer<NetlinkSocket> work) throws Exception {
    Inside.call(
        instance.node(node),
        () -> {
          NetworkNamespace.requireNotMain();
          try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
            work.accept(socket);
          }
          return true;
        });
  }
}
