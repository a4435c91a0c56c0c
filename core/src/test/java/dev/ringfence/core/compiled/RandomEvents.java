package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A random sequence of events: things grow, shrink, change their labels, take each other's
/// addresses and names, go and come back.
///
/// Objects come from a few worlds whose names and addresses overlap, so what one world calls a pod
/// the next calls another pod with its address. A third of every sequence is some of it once more,
/// or two parts of it at once.
public final class RandomEvents {
  private final Dice dice;
  private final List<World> worlds;
  private final ClusterState state = new ClusterState();
  private final List<Change> out = new ArrayList<>();

  public RandomEvents(long seed, List<World> worlds) {
    this.dice = new Dice(seed);
    this.worlds = worlds;
  }

  public List<Change> some(int count) {
    addAll(Changes.from(worlds.getFirst().policies(), worlds.getFirst().snapshot()).all());
    while (out.size() < count * 2 / 3) {
      event();
    }
    while (out.size() < count) {
      expand();
    }
    return List.copyOf(out.subList(0, count));
  }

  private void addAll(List<Change> changes) {
    changes.forEach(this::add);
  }

  private void add(Change change) {
    state.take(change);
    out.add(change);
  }

  private void event() {
    List<Supplier<List<Change>>> kinds =
        List.of(
            this::podSet,
            this::podSet,
            this::podGone,
            this::flap,
            this::swap,
            this::rename,
            this::moved,
            this::namespace,
            this::node,
            this::policy,
            this::policy,
            this::clusterPolicy,
            this::empty);
    addAll(dice.pick(kinds).get());
  }

  /// A slice once or twice more, or two slices shuffled into each other.
  private void expand() {
    List<Change> first = slice();
    if (dice.percent(50)) {
      addAll(first);
      addAll(dice.percent(50) ? first : List.of());
      return;
    }
    List<Change> second = slice();
    int a = 0;
    int b = 0;
    while (a < first.size() || b < second.size()) {
      boolean takeFirst = b == second.size() || (a < first.size() && dice.percent(50));
      add(takeFirst ? first.get(a++) : second.get(b++));
    }
  }

  private List<Change> slice() {
    int from = dice.between(0, out.size() - 1);
    return List.copyOf(out.subList(from, dice.between(from, Math.min(out.size(), from + 12))));
  }

  private World world() {
    return dice.pick(worlds);
  }

  private List<Pod> here() {
    return List.copyOf(state.pods.values());
  }

  private List<Change> podSet() {
    return List.of(new Change.PodSet(dice.pick(List.copyOf(world().snapshot().pods().values()))));
  }

  private List<Change> podGone() {
    return dice.some(here(), 2).stream().map(RandomEvents::gone).toList();
  }

  private static Change gone(Pod pod) {
    return new Change.PodGone(pod.name());
  }

  private List<Change> flap() {
    List<Change> changes = new ArrayList<>();
    for (Pod pod : dice.some(here(), 2)) {
      changes.add(gone(pod));
      changes.add(new Change.PodSet(pod));
    }
    return changes;
  }

  /// Two pods with each other's addresses.
  private List<Change> swap() {
    List<Pod> two = dice.shuffled(here());
    if (two.size() < 2) {
      return List.of();
    }
    Pod a = two.get(0);
    Pod b = two.get(1);
    return List.of(
        new Change.PodSet(a.withAddresses(b.knownAddresses())),
        new Change.PodSet(b.withAddresses(a.knownAddresses())));
  }

  /// The same pod under another name, the old one going before or after, or not at all.
  private List<Change> rename() {
    List<Change> changes = new ArrayList<>();
    for (Pod pod : dice.some(here(), 1)) {
      ObjectName name =
          new ObjectName(pod.namespace(), "pod-" + dice.between(1, dice.oneOf(40, 400)));
      changes.add(new Change.PodSet(named(pod, name)));
      changes.add(dice.between(0, changes.size()), gone(pod));
      changes.removeIf(change -> dice.percent(10));
    }
    return changes;
  }

  private static Pod named(Pod pod, ObjectName name) {
    return new Pod(
        name,
        pod.uid(),
        pod.labels(),
        pod.node(),
        pod.hostNetwork(),
        pod.addresses(),
        pod.phase(),
        pod.startTime(),
        pod.ports(),
        pod.workload());
  }

  /// Another pod's labels or node.
  private List<Change> moved() {
    if (here().isEmpty()) {
      return List.of();
    }
    Pod pod = dice.pick(here());
    Pod like = dice.pick(here());
    boolean labels = dice.percent(60);
    return List.of(
        new Change.PodSet(
            new Pod(
                pod.name(),
                pod.uid(),
                labels ? like.labels() : pod.labels(),
                labels ? pod.node() : like.node(),
                pod.hostNetwork(),
                pod.addresses(),
                pod.phase(),
                pod.startTime(),
                dice.percent(20) ? like.ports() : pod.ports(),
                pod.workload())));
  }

  private List<Change> namespace() {
    Namespace namespace = dice.pick(List.copyOf(world().snapshot().namespaces().values()));
    return List.of(
        dice.percent(80)
            ? new Change.NamespaceSet(namespace)
            : new Change.NamespaceGone(namespace.name()));
  }

  private List<Change> node() {
    Node node = dice.pick(List.copyOf(world().snapshot().nodes().values()));
    return List.of(dice.percent(80) ? new Change.NodeSet(node) : new Change.NodeGone(node.name()));
  }

  private List<Change> policy() {
    List<NetworkPolicy> some = world().policies().network();
    if (some.isEmpty()) {
      return List.of();
    }
    NetworkPolicy policy = dice.pick(some);
    return List.of(
        dice.percent(70) ? new Change.PolicySet(policy) : new Change.PolicyGone(policy.name()));
  }

  private List<Change> clusterPolicy() {
    List<ClusterPolicy> some = world().policies().cluster();
    if (some.isEmpty()) {
      return List.of();
    }
    ClusterPolicy policy = dice.pick(some);
    return List.of(
        dice.percent(60)
            ? new Change.ClusterPolicySet(policy)
            : new Change.ClusterPolicyGone(policy.id()));
  }

  /// Hardly ever: every pod goes, and some come back.
  private List<Change> empty() {
    List<Change> changes = new ArrayList<>();
    if (dice.percent(10)) {
      List<Pod> all = here();
      all.forEach(pod -> changes.add(gone(pod)));
      dice.some(all, all.size()).forEach(pod -> changes.add(new Change.PodSet(pod)));
    }
    return changes;
  }
}
