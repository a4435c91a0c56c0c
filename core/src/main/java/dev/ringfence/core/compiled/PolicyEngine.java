package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the compiled policy up to date, change by change. From scratch means everything added.
///
/// What it holds is indexes: kinds of pods, owners of addresses, policies by namespace, and the
/// tables of those groups that somebody asked for. Order and batching of changes never change the
/// result. Not for use by several threads.
public final class PolicyEngine {
  /// A table that nobody used for so many generations is forgotten.
  private static final long KEPT = 64;

  private Inventory inventory = new Inventory();
  private final Subjects subjects = new Subjects();
  private final SharedSets shared = new SharedSets();
  private final Map<GroupRules, GroupTable> tables = new HashMap<>();
  private final Map<String, NodePolicy> answers = new HashMap<>();
  private final int slack;
  private long generation;

  public PolicyEngine() {
    this(10_000);
  }

  /// Forgets kinds of the past once there are so many more of them than kinds in use.
  PolicyEngine(int slack) {
    this.slack = slack;
  }

  /// Everything compiled at once.
  public static CompiledPolicy compile(Policies policies, Snapshot now) {
    return new PolicyEngine().apply(Changes.from(policies, now));
  }

  /// Takes changes in; what it gave before must not be asked any more.
  ///
  /// Takes time in proportion to the changes and to the tables that are in use; never fails.
  public CompiledPolicy apply(Changes changes) {
    changes.all().forEach(this::take);
    generation++;
    forgetThePast();
    boolean networkChanged = inventory.takeNetworkChanged();
    if (networkChanged) {
      tables.values().removeIf(table -> table.rules.doubtsUnknownPods());
    }
    for (Address address : inventory.takeTouched()) {
      Member owner = inventory.claims().owner(address);
      tables.values().forEach(table -> table.sets().touch(address, owner));
    }
    if (tables.values().removeIf(table -> table.lastUsed < generation - KEPT) || networkChanged) {
      List<SharedSet> used = new ArrayList<>();
      tables.values().forEach(table -> used.addAll(table.sets().all()));
      shared.keepOnly(used);
    }
    return new CompiledPolicy(this, generation);
  }

  /// Jobs come with labels of their own and go again; what they leave behind must not add up.
  private void forgetThePast() {
    if (inventory.kindsUnused() > inventory.kindsInUse() + slack) {
      inventory = inventory.rebuilt();
      tables.clear();
      shared.keepOnly(List.of());
    }
  }

  private void take(Change change) {
    switch (change) {
      case Change.PodSet(var pod) -> inventory.set(pod);
      case Change.PodGone(var name) -> inventory.remove(name);
      case Change.NamespaceSet(var namespace) -> inventory.set(namespace);
      case Change.NamespaceGone(var name) -> inventory.removeNamespace(name);
      case Change.NodeSet(var node) -> inventory.set(node);
      case Change.NodeGone(var name) -> inventory.removeNode(name);
      case Change.PolicySet(var policy) -> subjects.set(policy);
      case Change.PolicyGone(var name) -> subjects.remove(name);
      case Change.ClusterPolicySet(var policy) -> subjects.set(policy);
      case Change.ClusterPolicyGone(var id) -> subjects.removeCluster(id);
    }
  }

  /// The last answer for a node; nothing at all where there was none.
  NodePolicy answered(String node) {
    NodePolicy known = answers.get(node);
    return known != null ? known : new NodePolicy(node, List.of(), Map.of(), Layered.empty());
  }

  void answer(NodePolicy now) {
    answers.put(now.node(), now);
  }

  long generation() {
    return generation;
  }

  Inventory inventory() {
    return inventory;
  }

  Applied applied(Kind kind, Direction direction) {
    return subjects.to(kind, direction, inventory.kinds());
  }

  /// The table of a group; made when it is first asked for.
  GroupTable table(GroupRules rules) {
    GroupTable table =
        tables.computeIfAbsent(
            rules,
            r ->
                new GroupTable(
                    r, inventory.kinds(), shared, inventory.podCidrs(), inventory.nodeAddresses()));
    table.lastUsed = generation;
    return table;
  }
}
