package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The table `netdev ringfence`: at each local pod's wire, only what comes from its own addresses.
final class GuardTable {
  private GuardTable() {}

  /// One chain for each known wire.
  ///
  /// @param gone interfaces that the kernel did not find, and that are left out
  static TableContent of(NftTable table, NodePolicy policy, Wires wires, Set<String> gone) {
    Map<String, Wire> byName = new TreeMap<>();
    for (LocalPod pod : policy.pods()) {
      Wire wire = wires.byPod().get(pod.name());
      if (wire != null && !gone.contains(wire.interfaceName())) {
        byName.put(wire.interfaceName(), wire);
      }
    }
    List<ChainContent> chains = new ArrayList<>();
    byName.values().forEach(wire -> chains.add(Guard.of(wire, behind(wire, policy, wires))));
    return TableContent.of(table, chains, List.of(), List.of());
  }

  /// The addresses of every pod on this wire; more than one pod is unusual, but may be.
  private static Set<Address> behind(Wire wire, NodePolicy policy, Wires wires) {
    Set<Address> out = new TreeSet<>();
    for (LocalPod pod : policy.pods()) {
      Wire its = wires.byPod().get(pod.name());
      if (its != null && its.interfaceName().equals(wire.interfaceName())) {
        out.addAll(pod.addresses());
      }
    }
    return out;
  }

  /// How many pods have no wire that we know of.
  static int unguarded(NodePolicy policy, Wires wires, Set<String> gone) {
    int count = 0;
    for (LocalPod pod : policy.pods()) {
      Wire wire = wires.byPod().get(pod.name());
      count += wire == null || gone.contains(wire.interfaceName()) ? 1 : 0;
    }
    return count;
  }
}
