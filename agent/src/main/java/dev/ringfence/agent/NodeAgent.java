package dev.ringfence.agent;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Policies;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.LocalWires;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.AgentLine;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps one node's table at what the cluster's state says, in the network namespace of the thread
/// that opened it. Only that thread may use it.
public final class NodeAgent implements AutoCloseable {
  private final String node;
  private final String boot = UUID.randomUUID().toString();
  private final PolicyEngine engine = new PolicyEngine();
  private final NftablesDataplane dataplane;
  private final LocalWires found;
  private Snapshot snapshot = Snapshot.EMPTY;
  private Policies policies = Policies.NONE;
  private @Nullable NodePolicy policy;
  private Wires wires = Wires.NONE;
  private long generation;
  private int unguarded;
  private boolean behind;

  private NodeAgent(String node, NftablesDataplane dataplane, LocalWires found) {
    this.node = node;
    this.dataplane = dataplane;
    this.found = found;
  }

  /// Opens the network namespace of the calling thread; changes nothing there yet.
  public static NodeAgent open(String node, DataplaneOptions options) {
    NftablesDataplane dataplane = NftablesDataplane.open(options);
    try {
      return new NodeAgent(node, dataplane, LocalWires.open());
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
    wires = found.of(compiled.pods());
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
    Wires now = found.of(compiled.pods());
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

  /// Why the node must not count as ready, in sentences: settings without which bridged pods are
  /// not protected.
  public List<String> notReady() {
    return found.notReady();
  }

  /// What this state comes to on a node and, beside each part, why; and whether the network
  /// namespace of the calling thread holds just that. Changes nothing.
  public static String explain(String node, Snapshot now, Policies policies) {
    try (NodeAgent agent = open(node, DataplaneOptions.STANDARD)) {
      NodePolicy compiled = PolicyEngine.compile(policies, now).forNode(node);
      return agent.dataplane.describe(compiled, agent.found.of(compiled.pods()));
    }
  }

  /// What is programmed and, beside each part, why.
  public String describe() {
    return dataplane.describe();
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
    found.close();
    dataplane.close();
  }
}
