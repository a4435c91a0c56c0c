package dev.ringfence.core.compiled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens: a node within its budget gets what compiling from scratch gives within the
/// same budget, sets of selectors are used only where they have to be, and a refusal changes
/// nothing of what comes after it.
class BudgetLaws {
  private static final int EVENTS = 60;
  private static final WorldShape SMALL = new WorldShape(12, 3, 6, true, true, 20);
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

  static LongStream seeds() {
    return Seeds.some(Integer.getInteger("ringfence.events", 20_000) / EVENTS);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whatIsKeptUpIsWhatCompilingFromScratchGives(long seed) {
    Dice dice = new Dice(seed);
    List<World> worlds = List.of(World.random(seed * 2, SMALL), World.random(seed * 2 + 1, SMALL));
    MemberBudget budget = new MemberBudget(dice.between(1, 40));
    PolicyEngine engine = dice.percent(70) ? new PolicyEngine(budget) : Engines.forgetful(budget);
    PolicyEngine unlimited = new PolicyEngine();
    ClusterState state = new ClusterState();
    for (Change event : new RandomEvents(seed, worlds).some(EVENTS)) {
      state.take(event);
      CompiledPolicy now = engine.apply(Changes.of(event));
      CompiledPolicy all = unlimited.apply(Changes.of(event));
      CompiledPolicy scratch = state.compile(budget);
      for (String node : NODES) {
        check(answer(scratch, node), answer(now, node), all.forNode(node), budget);
      }
    }
  }

  /// An answer or a refusal.
  private record Answer(Optional<NodePolicy> policy, long needed) {}

  private static Answer answer(CompiledPolicy compiled, String node) {
    try {
      NodePolicy policy = compiled.forNode(node);
      assertSame(policy, compiled.forNode(node));
      return new Answer(Optional.of(policy), policy.members());
    } catch (OverBudget refused) {
      return new Answer(Optional.empty(), refused.needed());
    }
  }

  private static void check(Answer scratch, Answer kept, NodePolicy all, MemberBudget budget) {
    assertEquals(scratch, kept);
    assertEquals(kept.policy().isPresent(), kept.needed() <= budget.members());
    if (Weighing.atMostRoundedUp(all.members()) <= budget.members()) {
      assertEquals(Optional.of(all), kept.policy());
    }
    if (all.members() > budget.members()) {
      assertTrue(
          kept.policy().stream()
              .allMatch(policy ->
                  policy.groups().values().stream().anyMatch(one -> one.form() == Form.UNION)));
    }
  }
}
