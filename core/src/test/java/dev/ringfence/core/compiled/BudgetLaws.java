package dev.ringfence.core.compiled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens: a node gets its answer if and only if the answer has no more members than the
/// budget, and what was refused before changes nothing.
class BudgetLaws {
  private static final int EVENTS = 60;
  private static final WorldShape SMALL = new WorldShape(12, 3, 6, true, true, 20);
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

  static LongStream seeds() {
    return Seeds.some(Integer.getInteger("ringfence.events", 20_000) / EVENTS);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void nobodyGetsMoreThanTheBudget(long seed) {
    Dice dice = new Dice(seed);
    List<World> worlds = List.of(World.random(seed * 2, SMALL), World.random(seed * 2 + 1, SMALL));
    MemberBudget budget = new MemberBudget(dice.between(1, 40));
    PolicyEngine engine = new PolicyEngine(budget, dice.percent(70) ? 10_000 : 0);
    PolicyEngine unlimited = new PolicyEngine();
    ClusterState state = new ClusterState();
    for (Change event : new RandomEvents(seed, worlds).some(EVENTS)) {
      state.take(event);
      CompiledPolicy now = engine.apply(Changes.of(event));
      CompiledPolicy all = unlimited.apply(Changes.of(event));
      for (String node : NODES) {
        check(all.forNode(node), now, budget);
      }
    }
    for (String node : NODES) {
      check(state.compile().forNode(node), engine.apply(Changes.of()), budget);
    }
  }

  private static void check(NodePolicy expected, CompiledPolicy now, MemberBudget budget) {
    try {
      assertEquals(expected, now.forNode(expected.node()));
      assertTrue(expected.members() <= budget.members());
    } catch (OverBudget refused) {
      assertEquals(expected.members(), refused.needed());
      assertTrue(expected.members() > budget.members());
    }
  }
}
