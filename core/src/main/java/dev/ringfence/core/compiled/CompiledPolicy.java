package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// All policies against all that exists, at one generation of a [PolicyEngine].
///
/// Lazy: it works out what is asked, for one pair or one node. Once the engine has taken further
/// changes in, every question throws IllegalStateException.
public final class CompiledPolicy {
  private final PolicyEngine engine;
  private final long generation;

  CompiledPolicy(PolicyEngine engine, long generation) {
    this.engine = engine;
    this.generation = generation;
  }

  /// What one side says about a peer, all tiers folded in; self traffic is not treated specially.
  ///
  /// @param subject any pod, known to the engine or not
  /// @param peer the other end, the destination where the direction is egress
  public Cell cell(Direction direction, Pod subject, Endpoint peer) {
    checkCurrent();
    GroupRules rules = engine.applied(kind(subject), direction).rules();
    if (rules.isNothing()) {
      return Cell.UNTOUCHED;
    }
    boolean exempt =
        direction == Direction.INGRESS
            && peer instanceof Endpoint.OfNode(String node, var at)
            && subject.node().filter(node::equals).isPresent(); // S95
    return engine.table(rules).cell(peer, pod -> kind(pod.pod()), exempt);
  }

  /// Everything that may pass from one end to another: all, from a pod to itself (S89).
  public PortSet allowed(Endpoint from, Endpoint to) {
    if (from instanceof Endpoint.OfPod(Pod pod, var at)
        && to instanceof Endpoint.OfPod(Pod same, var there)
        && pod.name().equals(same.name())
        && pod.uid().equals(same.uid())) {
      return PortSet.ALL;
    }
    PortSet out = PortSet.ALL;
    if (from instanceof Endpoint.OfPod(Pod pod, var at)) {
      out = out.intersect(cell(Direction.EGRESS, pod, to).open());
    }
    if (to instanceof Endpoint.OfPod(Pod pod, var at)) {
      out = out.intersect(cell(Direction.INGRESS, pod, from).open());
    }
    return out;
  }

  /// The same for many ends at once.
  ///
  /// @param ends pods and nodes; a row knows each by its place here
  public Rows rows(List<Endpoint> ends) {
    checkCurrent();
    return new Rows(this, engine, ends);
  }

  private Kind kind(Pod pod) {
    return engine.inventory().kind(pod);
  }

  /// What a node has to enforce. Works only on groups that its own pods belong to.
  public NodePolicy forNode(String node) {
    checkCurrent();
    List<Member> members = new ArrayList<>(engine.inventory().onNode(node));
    members.sort(Comparator.comparing(member -> member.pod.name()));
    Builder builder = new Builder();
    members.forEach(builder::add);
    return builder.build(node);
  }

  /// Groups of one node while they are collected.
  private final class Builder {
    private final List<LocalPod> pods = new ArrayList<>();
    private final Map<String, Started> groups = new HashMap<>();
    private final Map<String, PeerSet> sets = new HashMap<>();

    private record Started(Direction direction, GroupRules rules, TreeSet<String> policies) {}

    void add(Member member) {
      List<Address> addresses = engine.inventory().claims().ownedBy(member);
      if (!addresses.isEmpty()) {
        pods.add(
            new LocalPod(
                member.pod.name(),
                addresses,
                group(member.kind, Direction.INGRESS),
                group(member.kind, Direction.EGRESS)));
      }
    }

    private Optional<String> group(Kind kind, Direction direction) {
      Applied applied = engine.applied(kind, direction);
      applied.id().ifPresent(id -> join(id, direction, applied));
      return applied.id();
    }

    private void join(String id, Direction direction, Applied applied) {
      GroupRules rules = applied.rules();
      Started group =
          groups.computeIfAbsent(id, i -> new Started(direction, rules, new TreeSet<>()));
      if (!group.rules().equals(rules)) {
        throw new IllegalStateException("two groups have one id: " + group.rules() + rules);
      }
      group.policies().addAll(applied.policies());
    }

    NodePolicy build(String node) {
      Map<String, Group> out = new HashMap<>();
      groups.forEach((id, group) -> {
        GroupTable table = engine.table(group.rules());
        out.put(
            id,
            new Group(
                id,
                group.direction(),
                List.copyOf(group.policies()),
                table.sets().admissions(engine.inventory().claims(), sets),
                table.spans()));
      });
      NodePolicy before = engine.answered(node);
      List<String> gone = new ArrayList<>(before.sets().keySet());
      gone.removeAll(sets.keySet());
      NodePolicy now =
          new NodePolicy(
              node,
              before.pods().equals(pods) ? before.pods() : pods,
              before.groups().equals(out) ? before.groups() : out,
              before.sets().with(sets, gone));
      engine.answer(now);
      return now;
    }
  }

  void checkCurrent() {
    if (engine.generation() != generation) {
      throw new IllegalStateException(
          "generation " + generation + " is over: " + engine.generation());
    }
  }
}
