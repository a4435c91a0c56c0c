package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The table `netdev ringfence`: at each local pod's wire, only what comes from its own addresses,
/// and on a bridge only what goes to them.
final class GuardTable {
  private final NodePolicy policy;
  private final Wires wires;
  private final Unavailable unavailable;

  GuardTable(NodePolicy policy, Wires wires, Unavailable unavailable) {
    this.policy = policy;
    this.wires = wires;
    this.unavailable = unavailable;
  }

  /// What the kernel turned out not to have.
  ///
  /// @param wires interfaces that are gone
  /// @param egressHook whether devices have no such hook (before Linux 5.16)
  record Unavailable(Set<String> wires, boolean egressHook) {
    static final Unavailable NOTHING = new Unavailable(Set.of(), false);

    Unavailable {
      wires = Set.copyOf(wires);
    }

    Unavailable and(String wire) {
      Set<String> all = new TreeSet<>(wires);
      all.add(wire);
      return new Unavailable(all, egressHook);
    }

    Unavailable andEgressHook() {
      return new Unavailable(wires, true);
    }
  }

  /// One or two chains for each known wire.
  TableContent content(NftTable table, Renderings renderings) {
    Map<String, Behind> behind = HashMap.newHashMap(policy.pods().size());
    for (LocalPod pod : policy.pods()) {
      Wire wire = wireOf(pod);
      if (wire != null) {
        behind.merge(wire.interfaceName(), behind(wire, pod), Behind::and);
      }
    }
    List<ChainContent> chains = new ArrayList<>(2 * behind.size());
    for (Behind one : behind.values()) {
      chains.addAll(renderings.of(one.wire(), one.addresses(), one.delivery()));
    }
    renderings.forgetOtherGuards();
    return TableContent.of(table, chains, List.of(), List.of());
  }

  /// Who is at the other end of a wire; more than one pod is unusual, but may be.
  private record Behind(Wire wire, List<Address> addresses, boolean delivery) {
    Behind and(Behind other) {
      Set<Address> all = new TreeSet<>(addresses);
      all.addAll(other.addresses);
      return new Behind(other.wire, List.copyOf(all), delivery || other.delivery);
    }
  }

  private Behind behind(Wire wire, LocalPod pod) {
    boolean delivery = !unavailable.egressHook() && needsDelivery(pod, wire);
    return new Behind(wire, pod.addresses(), delivery);
  }

  private @Nullable Wire wireOf(LocalPod pod) {
    Wire wire = wires.byPod().get(pod.name());
    return wire == null || unavailable.wires().contains(wire.interfaceName()) ? null : wire;
  }

  private static boolean needsDelivery(LocalPod pod, Wire wire) {
    return wire.bridged() && pod.ingress().isPresent();
  }

  /// How many pods have no guard, or not the whole of it.
  int unguarded() {
    int count = 0;
    for (LocalPod pod : policy.pods()) {
      Wire wire = wireOf(pod);
      boolean whole = wire != null && !(unavailable.egressHook() && needsDelivery(pod, wire));
      count += whole ? 0 : 1;
    }
    return count;
  }
}
