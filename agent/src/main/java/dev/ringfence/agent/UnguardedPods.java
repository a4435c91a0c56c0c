package dev.ringfence.agent;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.AgentStatus.Unguarded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which local pods could borrow an address, and why nobody stops them.
final class UnguardedPods {
  private final Set<String> ingress;
  private final Set<String> egress;

  private UnguardedPods(NodeTable held) {
    ingress = devices(held, Hook.INGRESS);
    egress = devices(held, Hook.EGRESS);
  }

  /// @param held what is programmed
  static List<Unguarded> of(NodePolicy policy, Wires wires, NodeTable held) {
    UnguardedPods pods = new UnguardedPods(held);
    List<Unguarded> out = new ArrayList<>();
    for (LocalPod pod : policy.pods()) {
      pods.why(pod, Optional.ofNullable(wires.byPod().get(pod.name())))
          .ifPresent(reason -> out.add(new Unguarded(pod.name().toString(), reason)));
    }
    return out;
  }

  private static Set<String> devices(NodeTable held, Hook hook) {
    Set<String> out = new HashSet<>();
    held.guard()
        .chains()
        .values()
        .forEach(chain ->
            chain
                .chain()
                .base()
                .filter(base -> base.hook() == hook)
                .ifPresent(base -> out.addAll(base.devices())));
    return out;
  }

  private Optional<String> why(LocalPod pod, Optional<Wire> wire) {
    if (wire.isEmpty()) {
      return Optional.of(
          "its wire is not known: no route of its own and no bridge port leads to "
              + pod.addresses().stream().map(Address::toString).collect(Collectors.joining(", ")));
    }
    String name = wire.get().interfaceName();
    if (!ingress.contains(name)) {
      return Optional.of("the kernel takes no guard for its interface " + name);
    }
    if (wire.get().bridged() && pod.ingress().isPresent() && !egress.contains(name)) {
      return Optional.of(
          "this kernel has no hook for what leaves by a bridge's port "
              + name
              + " (Linux 5.16 has): a neighbour may reach it unjudged");
    }
    return Optional.empty();
  }
}
