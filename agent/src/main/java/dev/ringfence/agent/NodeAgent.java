package dev.ringfence.agent;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.route.PodWires;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.AgentLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps one node's table at what the cluster's state says, in the network namespace of the thread
/// that opened it. Only that thread may use it.
public final class NodeAgent implements AutoCloseable {
  private final String node;
  private final String boot = UUID.randomUUID().toString();
  private final PolicyEngine engine = new PolicyEngine();
  private final NftablesDataplane dataplane;
  private final NetlinkSocket routes;
  private Snapshot snapshot = Snapshot.EMPTY;
  private Policies policies = Policies.NONE;
  private @Nullable NodePolicy policy;
  private Wires wires = Wires.NONE;
  private Map<ObjectName, Known> known = Map.of();
  private long generation;
  private int unguarded;
  private boolean behind;

  /// Where a pod with these addresses was found.
  private record Known(List<Address> addresses, Wire wire) {}

  private NodeAgent(String node, NftablesDataplane dataplane, NetlinkSocket routes) {
    this.node = node;
    this.dataplane = dataplane;
    this.routes = routes;
  }

  /// Opens the network namespace of the calling thread; changes nothing there yet.
  public static NodeAgent open(String node, DataplaneOptions options) {
    NftablesDataplane dataplane = NftablesDataplane.open(options);
    try {
      return new NodeAgent(node, dataplane, NetlinkSocket.route());
    } catch (RuntimeException failed) {
      dataplane.close();
      throw failed;
    }
  }

  /// Makes this the state in force; works only on what differs from the last.
  ///
  /// @throws dev.ringfence.nftables.netlink.KernelRefused naming the element; the kernel keeps what
  ///   it had, and the next call tries all that is missing
  public AgentLine apply(Snapshot now, Policies nowPolicies) {
    long start = System.nanoTime();
    Changes changes = Changes.between(policies, snapshot, nowPolicies, now);
    policy = null; // what the engine gave before must not be asked any more
    NodePolicy compiled = engine.apply(changes).forNode(node);
    snapshot = now;
    policies = nowPolicies;
    policy = compiled;
    long compileMicros = (System.nanoTime() - start) / 1000;
    wires = look(compiled);
    behind = true;
    Applied applied = dataplane.apply(compiled, wires, generation + 1);
    behind = false;
    generation++;
    unguarded = applied.unguarded();
    return line(compiled, applied, compileMicros);
  }

  /// Puts right what somebody else changed in the kernel, and takes wires in that have come or
  /// changed since.
  ///
  /// @return how many things differed
  public int repair() {
    NodePolicy compiled = policy;
    if (compiled == null) {
      return 0;
    }
    int repaired = dataplane.repair();
    Wires now = look(compiled);
    if (now.equals(wires)) {
      return repaired;
    }
    wires = now;
    unguarded = dataplane.apply(compiled, now, generation).unguarded();
    return repaired + 1;
  }

  /// Deletes the tables: everything may pass.
  public void remove() {
    dataplane.remove();
    policy = null;
  }

  /// How often a state was applied.
  public long generation() {
    return generation;
  }

  /// Whether the kernel refused the last state, so that an older one is in force.
  public boolean behind() {
    return behind;
  }

  /// Local pods whose wire is not known, so that they could borrow an address.
  public int unguarded() {
    return unguarded;
  }

  /// What this state comes to on a node and, beside each part, why; and whether the network
  /// namespace of the calling thread holds just that. Changes nothing.
  public static String explain(String node, Snapshot now, Policies policies) {
    try (NodeAgent agent = open(node, DataplaneOptions.STANDARD)) {
      NodePolicy compiled = PolicyEngine.compile(policies, now).forNode(node);
      return agent.dataplane.describe(compiled, agent.look(compiled));
    }
  }

  /// What is programmed and, beside each part, why.
  public String describe() {
    return dataplane.describe();
  }

  /// A wire once found stays known as long as it is there: on a bridge the neighbour table tells,
  /// whose entries come and go, and a pod that no longer answers must not lose its guard by that.
  private Wires look(NodePolicy compiled) {
    PodWires found = PodWires.look(routes);
    Map<ObjectName, Known> next = new HashMap<>();
    for (NodePolicy.LocalPod pod : compiled.pods()) {
      pod.addresses().stream()
          .flatMap(address -> found.of(address).stream())
          .findFirst()
          .or(() -> remembered(pod).filter(found::isThere))
          .ifPresent(wire -> next.put(pod.name(), new Known(pod.addresses(), wire)));
    }
    known = next;
    Map<ObjectName, Wire> out = new HashMap<>();
    next.forEach((pod, is) -> out.put(pod, is.wire()));
    return new Wires(out);
  }

  private Optional<Wire> remembered(NodePolicy.LocalPod pod) {
    return Optional.ofNullable(known.get(pod.name()))
        .filter(is -> is.addresses().equals(pod.addresses()))
        .map(Known::wire);
  }

  private AgentLine line(NodePolicy compiled, Applied applied, long compileMicros) {
    return new AgentLine(
        generation,
        node,
        compiled.pods().size(),
        snapshot.pods().size(),
        policies.network().size() + policies.cluster().size(),
        applied.elementsAdded(),
        applied.elementsDeleted(),
        compileMicros,
        applied.kernelMicros(),
        applied.unguarded(),
        "not-run",
        boot);
  }

  /// Closes the sockets; the rules stay.
  @Override
  public void close() {
    routes.close();
    dataplane.close();
  }
}
