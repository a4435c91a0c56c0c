package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the compiled policy up to date, change by change. From scratch means everything added.
///
/// What it holds is indexes: kinds of pods, owners of addresses, policies by namespace, the tables
/// of those groups that somebody asked for, and the answers for nodes. Order and batching of
/// changes never change the result. Not for use by several threads.
public final class PolicyEngine {
  /// What nobody used for so many generations is forgotten.
  private static final long KEPT = 64;

  private final LabelKeys keys = new LabelKeys();
  private Inventory inventory = new Inventory(keys);
  private final Subjects subjects = new Subjects();
  private final SharedSets shared = new SharedSets();
  private final Map<GroupRules, GroupTable> tables = new HashMap<>();
  private FilledSets filled = new FilledSets();
  private final Map<String, NodeView> views = new HashMap<>();
  private final int slack;
  private final MemberBudget budget;
  private @Nullable OwnerLog owners;
  private long generation;

  public PolicyEngine() {
    this(MemberBudget.UNLIMITED);
  }

  /// @param budget of each node that is asked about
  public PolicyEngine(MemberBudget budget) {
    this(budget, 10_000);
  }

  /// Forgets kinds of the past once there are so many more of them than kinds in use.
  PolicyEngine(MemberBudget budget, int slack) {
    this.budget = budget;
    this.slack = slack;
  }

  /// Keeps up who has which address, too, for [CompiledPolicy#owners]; before the first changes.
  public PolicyEngine watchingOwners() {
    owners = new OwnerLog();
    return this;
  }

  /// Everything compiled at once.
  public static CompiledPolicy compile(Policies policies, Snapshot now) {
    return new PolicyEngine().apply(Changes.from(policies, now));
  }

  /// Takes changes in; what it gave before must not be asked any more.
  ///
  /// A pod costs the sets that it joins or leaves, a policy the kinds of pods that it selects and
  /// somebody asked about; never fails.
  public CompiledPolicy apply(Changes changes) {
    shared.prune();
    inventory.watch(!views.isEmpty() || !filled.isEmpty() || owners != null);
    Set<String> fresh = keys.learn(changes);
    if (!fresh.isEmpty()) {
      inventory.distinguish(fresh);
    }
    changes.all().forEach(this::take);
    if (owners != null) {
      owners.take(inventory.touched().before, inventory.claims());
    }
    generation++;
    if (inventory.kindsUnused() > inventory.kindsInUse() + slack) {
      forgetThePast();
    } else {
      follow();
    }
    if (generation % KEPT == 0) {
      forgetTheUnused();
    }
    return new CompiledPolicy(this, generation);
  }

  private void take(Change change) {
    Kinds kinds = inventory.kinds();
    switch (change) {
      case Change.PodSet(var pod) -> inventory.set(pod);
      case Change.PodGone(var name) -> inventory.remove(name);
      case Change.NamespaceSet(var namespace) -> inventory.set(namespace);
      case Change.NamespaceGone(var name) -> inventory.removeNamespace(name);
      case Change.NodeSet(var node) -> inventory.set(node);
      case Change.NodeGone(var name) -> inventory.removeNode(name);
      case Change.PolicySet(var policy) -> subjects.set(policy, kinds);
      case Change.PolicyGone(var name) -> subjects.remove(name, kinds);
      case Change.ClusterPolicySet(var policy) -> subjects.set(policy, kinds);
      case Change.ClusterPolicyGone(var id) -> subjects.removeCluster(id, kinds);
    }
  }

  /// Brings the sets up to date, and tells the views what they have to look at.
  private void follow() {
    if (inventory.network().takeChanged()) {
      drop(table -> table.rules.doubtsUnknownPods());
    }
    Touched touched = inventory.touched();
    touched.before.forEach((address, from) ->
        filled.moved(address, from.orElse(null), inventory.claims().owner(address)));
    for (Member member : touched.members) {
      member.pod.node().map(views::get).ifPresent(view -> view.memberChanged(member));
    }
    Set<Kind> kinds = subjects.takeChanged();
    List<SharedSet> sets = shared.takeChanged();
    boolean shapes = filled.takeStale();
    for (NodeView view : views.values()) {
      view.kindsChanged(kinds);
      view.setsChanged(sets);
      if (shapes) {
        view.tablesChanged();
      }
    }
  }

  /// Jobs come with labels of their own and go again; what they leave behind must not add up.
  private void forgetThePast() {
    inventory = inventory.rebuilt();
    inventory.network().takeChanged();
    subjects.forgetKinds();
    views.values().forEach(NodeView::forget);
    drop(table -> true);
    filled = new FilledSets();
  }

  private void forgetTheUnused() {
    long since = generation - KEPT;
    views
        .values()
        .removeIf(view -> {
          boolean unused = view.lastAsked < since;
          if (unused) {
            view.leave();
          }
          return unused;
        });
    drop(table -> table.users == 0 && table.lastUsed < since);
  }

  private void drop(Predicate<GroupTable> which) {
    boolean some =
        tables
            .values()
            .removeIf(table -> {
              boolean hit = which.test(table);
              if (hit) {
                table.sets().drop();
                filled.drop(table.sets());
              }
              return hit;
            });
    if (some) {
      views.values().forEach(NodeView::tablesChanged);
    }
  }

  long generation() {
    return generation;
  }

  /// Who has which address, if anybody wanted to know.
  Owners owners() {
    return owners == null ? Owners.NOBODY : owners.now();
  }

  Inventory inventory() {
    return inventory;
  }

  Applied applied(Kind kind, Direction direction) {
    return subjects.to(kind, direction, inventory.kinds());
  }

  /// The table of what applies to a kind; made when it is first asked for.
  GroupTable table(Applied applied) {
    GroupTable table = applied.table;
    if (table == null || table.sets().isDropped()) {
      table = table(applied.rules());
      applied.table = table;
    }
    table.lastUsed = generation;
    return table;
  }

  /// The table of a group; made when it is first asked for.
  GroupTable table(GroupRules rules) {
    GroupTable table =
        tables.computeIfAbsent(
            rules, r -> new GroupTable(r, inventory.kinds(), shared, inventory.network()));
    table.lastUsed = generation;
    return table;
  }

  /// Says that a table is not to be forgotten yet.
  void uses(GroupTable table) {
    table.lastUsed = generation;
  }

  MemberBudget budget() {
    return budget;
  }

  /// Sees to it that the sets of a table are counted, and that the counts are kept up from now on.
  void count(GroupTable table) {
    if (!table.sets().isCounted()) {
      table.sets().count(inventory.claims());
      filled.add(table.sets());
    }
  }

  /// Sees to it that the sets of a table are there, and kept up from now on.
  void fill(GroupTable table) {
    GroupSets sets = table.sets();
    if (!sets.isCounted()) {
      filled.add(sets);
    }
    if (!sets.isFilled()) {
      sets.fill(inventory.claims());
    }
  }

  /// The answer for a node, kept up from now on.
  NodeView view(String node) {
    NodeView view = views.computeIfAbsent(node, n -> new NodeView(this, n));
    view.lastAsked = generation;
    return view;
  }
}
