package dev.ringfence.agent;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.UndeclaredName;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;
import dev.ringfence.nftables.table.LocalWires;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Wires;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.ProofDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps one node's table at what the cluster's state says, in the network namespace of the thread
/// that opened it. Only that thread may use it.
public final class NodeAgent implements AutoCloseable {
  private final String node;
  private final String boot = UUID.randomUUID().toString();
  private final PolicyEngine engine;
  private final DataplaneOptions options;
  private final NftablesDataplane dataplane;
  private final LocalWires found;
  private final Ledger ledger = new Ledger();
  private Snapshot snapshot = Snapshot.EMPTY;
  private Policies policies = Policies.NONE;
  private Wires wires = Wires.NONE;
  private @Nullable Programmed programmed;
  private long generation;
  private int unguarded;
  private Applied lastChange = Applied.NOTHING;
  private boolean behind;
  private @Nullable OverBudget over;
  private @Nullable CompiledPolicy compiled;

  /// Who has which address, and what has changed hands since a table last came into force.
  private Owners owners = Owners.NOBODY;

  private NodeAgent(
      String node,
      DataplaneOptions options,
      MemberBudget budget,
      NftablesDataplane dataplane,
      LocalWires found) {
    this.node = node;
    PolicyEngine plain = new PolicyEngine(budget);
    this.engine = options.established().equals(Established.CUT) ? plain : plain.watchingOwners();
    this.options = options;
    this.dataplane = dataplane;
    this.found = found;
  }

  /// As below, with the standard budget.
  public static NodeAgent open(String node, DataplaneOptions options) {
    return open(node, options, MemberBudget.STANDARD);
  }

  /// Opens the network namespace of the calling thread; changes nothing there yet.
  public static NodeAgent open(String node, DataplaneOptions options, MemberBudget budget) {
    NftablesDataplane dataplane = NftablesDataplane.open(options);
    try {
      return new NodeAgent(node, options, budget, dataplane, LocalWires.open());
    } catch (RuntimeException failed) {
      dataplane.close();
      throw failed;
    }
  }

  /// Makes this the state in force; works only on what differs from the last.
  ///
  /// @throws dev.ringfence.nftables.netlink.KernelRefused naming the element; the kernel keeps what
  ///   it had, and the next call tries all that is missing
  /// @throws OverBudget if this state needs more members than the node may hold; the kernel keeps
  ///   what it had, and the next call counts again
  public AgentLine apply(Snapshot now, Policies nowPolicies) {
    long start = System.nanoTime();
    Changes changes = Changes.between(policies, snapshot, nowPolicies, now);
    snapshot = now;
    policies = nowPolicies;
    return program(compile(changes), start);
  }

  /// Takes in what has changed; for those who never have the whole state in one piece.
  ///
  /// @return empty where nothing of it matters to this node
  /// @throws dev.ringfence.nftables.netlink.KernelRefused as [#apply(Snapshot, Policies)]
  public Optional<AgentLine> apply(Changes changes) {
    long start = System.nanoTime();
    NodePolicy compiled = compile(changes);
    return isInForce(compiled) ? Optional.empty() : Optional.of(program(compiled, start));
  }

  private NodePolicy compile(Changes changes) {
    CompiledPolicy all = engine.apply(changes);
    compiled = all;
    owners = all.owners().since(owners);
    ledger.take(changes);
    try {
      NodePolicy ofNode = all.forNode(node);
      over = null;
      return ofNode;
    } catch (OverBudget refused) {
      over = refused;
      throw refused;
    }
  }

  @SuppressWarnings("ReferenceEquality") // the engine gives the same object where nothing changed
  private boolean isInForce(NodePolicy compiled) {
    return programmed != null
        && !behind
        && programmed.policy() == compiled
        && owners.moved().isEmpty()
        && !ledger.isUnsettled();
  }

  private AgentLine program(NodePolicy compiled, long start) {
    long compileMicros = (System.nanoTime() - start) / 1000;
    wires = found.of(compiled.pods());
    behind = true;
    Applied applied = dataplane.apply(compiled, wires, owners, generation + 1);
    behind = false;
    owners = owners.settled();
    ledger.settled();
    generation++;
    lastChange = applied;
    unguarded = applied.unguarded();
    programmed = new Programmed(compiled, wires);
    return line(compiled, applied, compileMicros);
  }

  /// Puts right what somebody else changed in the kernel, and takes wires in that have come or
  /// changed since.
  ///
  /// @return how many things differed
  public int repair() {
    int repaired = restore();
    boolean rewired = rewire();
    settle();
    return repaired + (rewired ? 1 : 0);
  }

  /// Has accepted connections of addresses that changed hands a second ago believed again, where
  /// connections are kept; nothing to do where they are not.
  ///
  /// @return how many connections will be judged by their next packet
  public int settle() {
    return dataplane.settle();
  }

  /// Puts right what somebody else changed in the kernel.
  ///
  /// @return how many elements, chains and sets differed
  public int restore() {
    return dataplane.repair();
  }

  /// Takes wires in that have come or changed since the last look.
  ///
  /// @return whether any had
  public boolean rewire() {
    Programmed last = programmed;
    if (last == null || behind) {
      return false;
    }
    Wires now = found.of(last.policy().pods());
    if (now.equals(wires)) {
      return false;
    }
    unguarded = dataplane.apply(last.policy(), now, owners, generation).unguarded();
    owners = owners.settled();
    wires = now;
    programmed = new Programmed(last.policy(), now);
    return true;
  }

  /// Deletes the tables: everything may pass.
  public void remove() {
    dataplane.remove();
    programmed = null;
  }

  /// A state that is in force.
  public record Programmed(NodePolicy policy, Wires wires) {}

  /// The policies that are in force; costs a walk over all of them.
  Policies policiesInForce() {
    return ledger.inForce();
  }

  /// How many pods are known, of any node.
  int pods() {
    return ledger.pods();
  }

  /// The policies that this node enforces and that name ports by names.
  List<NetworkPolicy> namingPorts() {
    Set<String> here = new HashSet<>();
    if (programmed != null) {
      programmed.policy().groups().values().forEach(group -> here.addAll(group.policies()));
    }
    return ledger.namingPorts(here);
  }

  /// Port names in a policy that none of the pods they are about declares.
  List<UndeclaredName> undeclared(NetworkPolicy policy) {
    return compiled == null ? List.of() : compiled.undeclared(policy);
  }

  /// A policy that is known.
  Optional<NetworkPolicy> policy(String id) {
    return ledger.policy(id);
  }

  /// How many policies are known.
  int policies() {
    return ledger.policies();
  }

  /// The last state that was put in force.
  public Optional<Programmed> programmed() {
    return Optional.ofNullable(programmed);
  }

  /// Reads the kernel's tables back, to be proved by whoever has the time.
  ///
  /// @return empty if nothing of this agent is in force
  public Optional<Provable> provable() {
    return Optional.ofNullable(programmed)
        .map(is ->
            new Provable(
                dataplane.readBack(),
                is.policy(),
                dataplane.guarded(is.wires()),
                options,
                generation));
  }

  /// What the last generation took of the kernel.
  public Applied lastChange() {
    return lastChange;
  }

  /// What the kernel holds, as far as we know.
  public NodeTable held() {
    return dataplane.held();
  }

  /// What becomes of established connections (S85), and of how many addresses they are judged anew,
  /// since these have just changed hands.
  public Standing established() {
    return new Standing(options.established(), dataplane.judgedAnew());
  }

  /// How established connections stand.
  ///
  /// @param addresses whose accepted connections are judged anew
  public record Standing(Established established, int addresses) {}

  /// Whether the kernel lets nobody else edit the tables.
  public boolean owned() {
    return dataplane.owned();
  }

  /// How many packets were denied so far, by direction.
  public List<NftCounter.Value> denied() {
    return dataplane.denied();
  }

  /// One value for each agent.
  public String boot() {
    return boot;
  }

  /// How often a state was applied.
  public long generation() {
    return generation;
  }

  /// Whether the last state was refused, by the kernel or for its size, so that an older one is in
  /// force.
  public boolean behind() {
    return behind || over != null;
  }

  /// Why the last state was not even sent to the kernel; empty if it was.
  public Optional<OverBudget> overBudget() {
    return Optional.ofNullable(over);
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
  ///
  /// @throws OverBudget if it comes to more than the budget, which an agent would refuse
  public static String explain(String node, Snapshot now, Policies policies, MemberBudget budget) {
    try (NodeAgent agent = open(node, DataplaneOptions.STANDARD, budget)) {
      NodePolicy compiled = agent.engine.apply(Changes.from(policies, now)).forNode(node);
      return agent.dataplane.describe(compiled, agent.found.of(compiled.pods()));
    }
  }

  /// Whether the network namespace of the calling thread holds what this state comes to on a node,
  /// for every packet there can be. Changes nothing.
  ///
  /// @param options those the tables were made with; whether connections are kept is read from them
  /// @throws OverBudget if the state comes to more than the budget
  public static ProofDocument prove(
      String node, Snapshot now, Policies policies, DataplaneOptions options, MemberBudget budget) {
    try (NodeAgent agent = open(node, options, budget)) {
      NodePolicy compiled = agent.engine.apply(Changes.from(policies, now)).forNode(node);
      Optional<NodeTable> there = agent.dataplane.readBack();
      DataplaneOptions asThere =
          there.map(NftablesDataplane::establishedIn).map(options::with).orElse(options);
      return new Provable(there, compiled, agent.found.of(compiled.pods()), asThere, 0).prove();
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
        ledger.pods(),
        ledger.policies(),
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
