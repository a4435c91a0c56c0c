package dev.ringfence.lab.services;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
      ServiceTable before = held.get(node.name());
      if (!table.equals(before)) {
        boolean replaces = before != null;
        Inside.call(
            instance.node(node.name()),
            () -> {
              NetworkNamespace.requireNotMain();
              try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
                socket.transact(table.batch(replaces));
              }
              return true;
            });
        held.put(node.name(), table);
      }
    }
  }
}
