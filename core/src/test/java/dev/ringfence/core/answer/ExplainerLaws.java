package dev.ringfence.core.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Rule;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an explanation promises, on random worlds.
class ExplainerLaws {
  static LongStream seeds() {
    return Seeds.some(100);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void theSmallestFixAllowsWhatWasDeniedAndOpensWhatItSays(long seed) {
    World world = World.random(seed);
    Repairs repairs = new Repairs(world.policies(), world.snapshot());
    int most = world.snapshot().pods().size() > 40 ? 2 : 10;
    int tried = 0;
    for (Flow flow : world.flows()) {
      if (tried < most && !world.evaluator().decide(flow).allowed() && !flow.viaService()) {
        tried++;
        checkRepair(world, flow, repairs.of(flow));
      }
    }
  }

  private static void checkRepair(World world, Flow flow, Repairs.Repair repair) {
    Policies now = world.policies();
    for (Optional<Fix> fix : List.of(repair.egress(), repair.ingress())) {
      switch (fix.orElse(null)) {
        case null -> {}
        case Fix.Add(var policy, var further) -> {
          List<NetworkPolicy> all = new ArrayList<>(now.network());
          assertTrue(all.stream().noneMatch(one -> one.name().equals(policy.name())));
          all.add(policy);
          Policies next = new Policies(all, now.cluster());
          Policies last = now;
          assertEquals(
              opened(last, next, world.snapshot(), flow),
              further.size(),
              () -> flow + " " + repair);
          now = next;
        }
        case Fix.Beyond beyond -> {
          assertFalse(world.policies().cluster().isEmpty());
          return;
        }
        case Fix.Nameless nameless -> {
          return;
        }
      }
    }
    Evaluator evaluator = new Evaluator(now, world.snapshot());
    assertTrue(evaluator.decide(flow).allowed(), () -> flow + " after " + repair);
  }

  /// Pairs of one end and one port set that are open after and were not before, but for the one
  /// that was asked; asked pair by pair. Every pod of a world is its own workload.
  private static int opened(Policies policies, Policies later, Snapshot now, Flow asked) {
    CompiledPolicy before = PolicyEngine.compile(policies, now);
    CompiledPolicy after = PolicyEngine.compile(later, now);
    List<Endpoint> ends = new ArrayList<>();
    for (Pod pod : now.pods().values()) {
      now.ownedBy(pod).forEach(at -> ends.add(new Endpoint.OfPod(pod, Optional.of(at))));
      if (pod.counts() && pod.knownAddresses().isEmpty()) {
        ends.add(new Endpoint.OfPod(pod, Optional.empty()));
      }
    }
    now.nodes()
        .values()
        .forEach(node ->
            node.addresses().stream()
                .filter(at -> now.resolve(at) instanceof Endpoint.OfNode)
                .forEach(at -> ends.add(new Endpoint.OfNode(node.name(), Optional.of(at)))));
    // Nobody outside is listed above, nor a node at an address that a pod claims as well.
    for (Endpoint end : List.of(asked.from(), asked.to())) {
      if (!ends.contains(end)) {
        ends.add(end);
      }
    }
    PortSet port =
        asked.port().isPresent()
            ? PortSet.of(asked.protocol(), PortRange.only(asked.port().getAsInt()))
            : new PortSet(List.of(), List.of(), List.of(), true);
    java.util.Set<List<Object>> gained = new java.util.HashSet<>();
    for (Endpoint from : ends) {
      for (Endpoint to : ends) {
        boolean meet =
            from.address().map(Address::family).isEmpty()
                || to.address().map(Address::family).isEmpty()
                || from.address().get().family() == to.address().get().family();
        if (meet && (from instanceof Endpoint.OfPod || to instanceof Endpoint.OfPod)) {
          PortSet was = before.allowed(from, to);
          PortSet is = after.allowed(from, to);
          assertTrue(was.minus(is).isNone(), () -> from + " lost " + to);
          PortSet more = is.minus(was);
          if (name(from).equals(name(asked.from())) && name(to).equals(name(asked.to()))) {
            more = more.minus(port);
          }
          if (!more.isNone()) {
            gained.add(List.of(name(from), name(to), more));
          }
        }
      }
    }
    return gained.size();
  }

  private static String name(Endpoint end) {
    return switch (end) {
      case Endpoint.OfPod(var pod, var at) -> pod.id();
      case Endpoint.OfNode(var node, var at) -> "node/" + node;
      case Endpoint.UnknownPod(var at) -> at.toString();
      case Endpoint.Outside(var at) -> at.toString();
    };
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void withoutTheRuleThatDecidedAnotherOneDoesOrTheAnswerChanges(long seed) {
    World world = World.random(seed);
    Explainer explainer = new Explainer(world.policies(), world.snapshot());
    for (Flow flow : world.flows()) {
      Decision decision = explainer.explain(flow).decision();
      if (decision.allowed()) {
        for (Direction direction : Direction.values()) {
          Side side = side(decision, direction);
          if (side.code() == Code.NP_RULE && side.rule().isPresent()) {
            Policies fewer = without(world.policies(), side, direction);
            Decision then = new Evaluator(fewer, world.snapshot()).decide(flow);
            assertTrue(
                !then.allowed() || !named(side(then, direction)).equals(named(side)),
                () -> flow + " " + side);
          }
        }
      }
    }
  }

  private static Side side(Decision decision, Direction direction) {
    return direction == Direction.EGRESS ? decision.egress() : decision.ingress();
  }

  /// The rule itself, whatever its index is without another one.
  private static List<Object> named(Side side) {
    return List.of(side.policy(), side.rule(), side.peer(), side.port());
  }

  private static Policies without(Policies policies, Side side, Direction direction) {
    List<NetworkPolicy> out = new ArrayList<>();
    for (NetworkPolicy policy : policies.network()) {
      if (side.policy().filter(policy.id()::equals).isEmpty()) {
        out.add(policy);
        continue;
      }
      List<Rule> rules = new ArrayList<>(policy.rules(direction));
      rules.set(side.rule().getAsInt(), NOTHING);
      out.add(
          new NetworkPolicy(
              policy.name(),
              policy.uid(),
              policy.generation(),
              policy.subject(),
              policy.types(),
              direction == Direction.INGRESS ? rules : policy.ingress(),
              direction == Direction.EGRESS ? rules : policy.egress()));
    }
    return new Policies(out, policies.cluster());
  }

  /// A rule that matches nothing keeps the indices of the others.
  private static final Rule NOTHING =
      new Rule(
          new dev.ringfence.core.model.Peers.OneOf(
              List.of(new dev.ringfence.core.model.Peer.Unreadable("gone"))),
          new dev.ringfence.core.model.Ports.Any());

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void everyDenialHasANearMissThatDoesNotMatch(long seed) {
    World world = World.random(seed);
    Explainer explainer = new Explainer(world.policies(), world.snapshot());
    for (Flow flow : world.flows()) {
      Explained explained = explainer.explain(flow);
      check(explained.decision().egress(), explained.egress());
      check(explained.decision().ingress(), explained.ingress());
    }
  }

  private static void check(Side side, List<NearMiss> misses) {
    assertTrue(side.code() == Code.NP_ISOLATED_NO_MATCH || misses.isEmpty());
    for (NearMiss miss : misses) {
      assertFalse(miss.differs().isEmpty(), miss::toString);
      assertTrue(
          side.considered().stream().anyMatch(one -> one.policy().equals(miss.policy())),
          miss::toString);
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void allPortsTogetherAreEachPort(long seed) {
    World world = World.random(seed);
    Explainer explainer = new Explainer(world.policies(), world.snapshot());
    for (Flow flow : world.flows().subList(0, Math.min(20, world.flows().size()))) {
      List<ByPorts> all = explainer.byPorts(flow.from(), flow.to(), flow.viaService());
      PortSet sum = PortSet.NONE;
      for (ByPorts one : all) {
        assertEquals(PortSet.NONE, sum.intersect(one.ports()));
        sum = sum.union(one.ports());
        if (one.ports().contains(flow.protocol(), flow.port())) {
          Decision decision = world.evaluator().decide(flow);
          assertEquals(decision.egress(), one.decision().egress(), flow::toString);
          assertEquals(decision.ingress(), one.decision().ingress(), flow::toString);
        }
      }
      assertNotEquals(List.of(), all);
      assertEquals(PortSet.ALL, sum);
    }
  }
}
