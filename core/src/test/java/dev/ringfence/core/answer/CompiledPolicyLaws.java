package dev.ringfence.core.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Cell;
import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.Engines;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the compiled policy promises, on random worlds.
class CompiledPolicyLaws {
  static LongStream seeds() {
    return Seeds.some(500);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void compiledPolicyAgreesWithTheEvaluator(long seed) {
    World world = World.random(seed);
    Evaluator evaluator = world.evaluator();
    CompiledPolicy compiled = world.compile();
    for (Flow flow : world.flows()) {
      Decision decision = evaluator.decide(flow);
      if (!flow.viaService()) {
        PortSet allowed = compiled.allowed(flow.from(), flow.to());
        assertEquals(
            decision.allowed(), allowed.contains(flow.protocol(), flow.port()), flow::toString);
      }
      checkCell(compiled, flow, Direction.EGRESS, flow.from(), flow.to(), decision.egress());
      checkCell(compiled, flow, Direction.INGRESS, flow.to(), flow.from(), decision.ingress());
    }
  }

  /// Never judged (S89).
  private static boolean isSelf(Flow flow) {
    return !flow.viaService()
        && flow.from() instanceof Endpoint.OfPod(Pod from, var at)
        && flow.to() instanceof Endpoint.OfPod(Pod to, var there)
        && from.name().equals(to.name());
  }

  private static void checkCell(
      CompiledPolicy compiled,
      Flow flow,
      Direction direction,
      Endpoint subject,
      Endpoint peer,
      Side side) {
    if (subject instanceof Endpoint.OfPod(Pod pod, var at) && !isSelf(flow)) {
      Cell cell = compiled.cell(direction, pod, peer);
      String found =
          cell.allowed().contains(flow.protocol(), flow.port())
              ? "allowed"
              : cell.denied().contains(flow.protocol(), flow.port()) ? "denied" : "undecided";
      String expected =
          side.code() == Code.NOT_ISOLATED ? "undecided" : side.allowed() ? "allowed" : "denied";
      assertEquals(expected, found, () -> direction + " of " + flow + " by " + side);
      assertEquals(PortSet.NONE, cell.allowed().intersect(cell.denied()), flow::toString);
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void nodePoliciesAgreeWithTheEvaluator(long seed) {
    World world = World.random(seed);
    Evaluator evaluator = world.evaluator();
    CompiledPolicy compiled = world.compile();
    Map<String, NodePolicy> nodes = new HashMap<>();
    for (Flow flow : world.flows()) {
      Decision decision = evaluator.decide(flow);
      if (!isSelf(flow)) {
        checkNode(world, compiled, nodes, flow, Direction.EGRESS, decision.egress());
        checkNode(world, compiled, nodes, flow, Direction.INGRESS, decision.ingress());
      }
    }
  }

  private static void checkNode(
      World world,
      CompiledPolicy compiled,
      Map<String, NodePolicy> nodes,
      Flow flow,
      Direction direction,
      Side side) {
    Endpoint subject = direction == Direction.EGRESS ? flow.from() : flow.to();
    Endpoint peer = direction == Direction.EGRESS ? flow.to() : flow.from();
    if (side.code() == Code.OWN_NODE // not filtered at all (S95)
        || !(subject instanceof Endpoint.OfPod(Pod pod, var at))
        || pod.node().isEmpty()
        || at.isEmpty()
        || peer.address().isEmpty()) {
      return;
    }
    String node = pod.node().get();
    NodePolicy all = nodes.computeIfAbsent(node, compiled::forNode);
    NodePolicy tight = nodes.computeIfAbsent("within a budget: " + node, n -> world.tight(node));
    for (NodePolicy policy : List.of(all, tight)) {
      boolean allowed = allows(world, policy, direction, pod, peer.address().get(), flow);
      assertEquals(side.allowed(), allowed, () -> direction + " of " + flow + " by " + side);
    }
  }

  private static boolean allows(
      World world, NodePolicy policy, Direction direction, Pod pod, Address peer, Flow flow) {
    LocalPod local =
        policy.pods().stream()
            .filter(one -> one.name().equals(pod.name()))
            .findFirst()
            .orElseThrow();
    assertEquals(world.snapshot().ownedBy(pod), local.addresses());
    Optional<String> group = direction == Direction.EGRESS ? local.egress() : local.ingress();
    return group
        .map(id -> Interpreter.ports(policy, id, peer))
        .orElse(PortSet.ALL)
        .contains(flow.protocol(), flow.port());
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void selectorsSaveMembersAndSayNothingElse(long seed) {
    World world = World.random(seed);
    CompiledPolicy compiled = world.compile();
    for (String node : world.snapshot().nodes().keySet()) {
      NodePolicy policy = compiled.forNode(node);
      NodePolicy tight = world.tight(node);
      assertTrue(tight.members() <= policy.members());
      assertEquals(policy.pods(), tight.pods());
      assertEquals(policy.groups().keySet(), tight.groups().keySet());
      Set<String> used = new HashSet<>();
      for (NodePolicy.Group group : tight.groups().values()) {
        group.pods().forEach(admission -> used.add(admission.setId()));
        for (Pod peer : world.snapshot().pods().values()) {
          for (Address address : peer.knownAddresses()) {
            assertEquals(
                Interpreter.ports(policy, group.id(), address),
                Interpreter.ports(tight, group.id(), address));
          }
        }
      }
      assertEquals(used, tight.sets().keySet());
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void nodePoliciesAreWellFormed(long seed) {
    World world = World.random(seed);
    CompiledPolicy compiled = world.compile();
    for (String node : world.snapshot().nodes().keySet()) {
      NodePolicy policy = compiled.forNode(node);
      Set<String> used = new HashSet<>();
      Set<String> groups = new HashSet<>();
      policy.pods().forEach(pod -> pod.ingress().ifPresent(groups::add));
      policy.pods().forEach(pod -> pod.egress().ifPresent(groups::add));
      assertEquals(groups, policy.groups().keySet());
      for (NodePolicy.Group group : policy.groups().values()) {
        checkGroup(world, policy, group, used);
      }
      assertEquals(used, policy.sets().keySet());
      assertEquals(policy, world.compile().forNode(node), "equal input, equal output");
    }
  }

  private static void checkGroup(
      World world, NodePolicy policy, NodePolicy.Group group, Set<String> used) {
    Set<Address> seen = new HashSet<>();
    for (NodePolicy.Admission admission : group.pods()) {
      used.add(admission.setId());
      NodePolicy.PeerSet set = policy.sets().get(admission.setId());
      assertTrue(set != null, admission::toString);
      for (Address member : set.members()) {
        assertTrue(seen.add(member), () -> member + " is in two sets of " + group);
        assertTrue(world.snapshot().resolve(member) instanceof Endpoint.OfPod);
        PortSet span =
            group.spans().stream()
                .filter(one -> one.ranges().stream().anyMatch(range -> range.contains(member)))
                .findFirst()
                .map(NodePolicy.Span::ports)
                .orElse(PortSet.NONE);
        boolean doubtful = !world.policies().cluster().isEmpty();
        assertTrue(doubtful || !span.equals(admission.ports()), () -> member + " is superfluous");
      }
    }
    List<AddressRange> ranges = new ArrayList<>();
    group.spans().forEach(span -> ranges.addAll(span.ranges()));
    ranges.sort(null);
    for (int i = 1; i < ranges.size(); i++) {
      assertTrue(ranges.get(i - 1).last().compareTo(ranges.get(i).first()) < 0, group::toString);
    }
    assertTrue(group.spans().stream().noneMatch(span -> span.ports().isNone()));
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void orderAndBatchesOfChangesDoNotMatter(long seed) {
    World before = World.random(seed * 2 + 1);
    World after = World.random(seed);
    Dice dice = new Dice(seed);
    PolicyEngine engine = dice.percent(70) ? new PolicyEngine() : Engines.forgetful();
    CompiledPolicy last =
        run(engine, dice, Changes.from(before.policies(), before.snapshot()), before.snapshot());
    checkEqual(before, last);
    flap(engine, dice, before);
    checkEqual(before, engine.apply(Changes.of()));
    last =
        run(
            engine,
            dice,
            Changes.between(
                before.policies(), before.snapshot(), after.policies(), after.snapshot()),
            before.snapshot());
    checkEqual(after, last);
  }

  /// Applies changes in any order and in batches of any size, asking in between.
  private static CompiledPolicy run(
      PolicyEngine engine, Dice dice, Changes changes, Snapshot nodes) {
    List<Change> left = dice.shuffled(changes.all());
    CompiledPolicy last = engine.apply(Changes.of());
    while (!left.isEmpty()) {
      int size = Math.min(left.size(), dice.between(1, dice.percent(50) ? 3 : 100));
      last = engine.apply(new Changes(left.subList(0, size)));
      left = left.subList(size, left.size());
      if (dice.percent(30)) {
        nodes.nodes().keySet().forEach(last::forNode);
      }
    }
    return last;
  }

  /// Some objects go and come back, asked in between or not.
  private static void flap(PolicyEngine engine, Dice dice, World world) {
    List<Pod> pods = dice.some(List.copyOf(world.snapshot().pods().values()), 5);
    List<Node> nodes = dice.some(List.copyOf(world.snapshot().nodes().values()), 1);
    List<NetworkPolicy> policies = dice.some(world.policies().network(), 2);
    List<Change> gone = new ArrayList<>();
    List<Change> back = new ArrayList<>();
    for (Pod pod : pods) {
      gone.add(new Change.PodGone(pod.name()));
      back.add(new Change.PodSet(pod));
    }
    for (Node node : nodes) {
      gone.add(new Change.NodeGone(node.name()));
      back.add(new Change.NodeSet(node));
    }
    for (NetworkPolicy policy : policies) {
      gone.add(new Change.PolicyGone(policy.name()));
      back.add(new Change.PolicySet(policy));
    }
    CompiledPolicy without = engine.apply(new Changes(dice.shuffled(gone)));
    if (dice.percent(50)) {
      List<Pod> left = new ArrayList<>(world.snapshot().pods().values());
      left.removeAll(pods);
      List<Node> other = new ArrayList<>(world.snapshot().nodes().values());
      other.removeAll(nodes);
      List<NetworkPolicy> fewer = new ArrayList<>(world.policies().network());
      fewer.removeAll(policies);
      Snapshot now = new Snapshot(world.snapshot().namespaces().values(), other, left, List.of());
      Policies in = new Policies(fewer, world.policies().cluster());
      checkEqual(new World(world.seed(), now, in, List.of(), world.flows()), without);
    }
    engine.apply(new Changes(dice.shuffled(back)));
  }

  private static void checkEqual(World world, CompiledPolicy compiled) {
    CompiledPolicy scratch = world.compile();
    for (String node : world.snapshot().nodes().keySet()) {
      assertEquals(scratch.forNode(node), compiled.forNode(node));
    }
    for (Flow flow : world.flows()) {
      assertEquals(
          scratch.allowed(flow.from(), flow.to()),
          compiled.allowed(flow.from(), flow.to()),
          flow::toString);
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whereAPodIsIsolatedOneMorePolicyNeverDenies(long seed) {
    World world = World.random(seed);
    List<NetworkPolicy> all = world.policies().network();
    if (all.isEmpty()) {
      return;
    }
    NetworkPolicy extra = new Dice(seed).pick(all);
    List<NetworkPolicy> fewer = new ArrayList<>(all);
    fewer.remove(extra);
    Evaluator without =
        new Evaluator(new Policies(fewer, world.policies().cluster()), world.snapshot());
    for (Flow flow : world.flows()) {
      Decision less = without.decide(flow);
      Decision more = world.evaluator().decide(flow);
      assertTrue(less.egress().code() == Code.NOT_ISOLATED || stays(less.egress(), more.egress()));
      assertTrue(
          less.ingress().code() == Code.NOT_ISOLATED || stays(less.ingress(), more.ingress()));
    }
  }

  /// Baseline verdicts are given to pods that are not isolated, so they may change.
  private static boolean stays(Side less, Side more) {
    return !less.allowed()
        || more.allowed()
        || less.code() == Code.BASELINE_ACCEPT
        || less.code() == Code.SELF;
  }
}
