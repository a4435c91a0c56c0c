package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// On random small clusters of namespaces packets do what evaluator and compiled policy say.
///
/// `-Dringfence.kernel.worlds=500` tries more of them, `-Dringfence.kernel.from=117` others, and
/// `-Dseed=117` one alone.
@ExtendWith(NeedsKernel.class)
final class KernelAgreesLaws {
  static LongStream seeds() {
    Long one = Long.getLong("seed");
    long from = Long.getLong("ringfence.kernel.from", 0);
    return one != null
        ? LongStream.of(one)
        : LongStream.range(from, from + Integer.getInteger("ringfence.kernel.worlds", 20));
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void packetsDoWhatTheEvaluatorSays(long seed) throws Exception {
    WorldShape shape = seed % 10 == 3 ? WorldShape.CROWDED_PACKETS : WorldShape.PACKETS;
    World world = World.random(seed, shape);
    Policies next = World.random(~seed, shape).policies();
    Scenario scenario =
        Scenario.of(world.snapshot(), world.policies(), List.of(), 2, Assigned.NOTHING);
    try (Town town =
            Town.of(
                scenario,
                EnforcedNode.OPEN_TO_EDITS,
                (instance, of) -> new Topology(instance).build(of));
        PacketWorld packets = new PacketWorld(world, town)) {
      PolicyEngine engine = new PolicyEngine();
      List<Shot> shots = packets.shots();
      town.enforce(engine.apply(Changes.from(world.policies(), scenario.snapshot())), true);
      check(shots, world.policies(), scenario);
      // The same packets again, by now of connections that are known.
      CompiledPolicy changed =
          engine.apply(
              Changes.between(world.policies(), scenario.snapshot(), next, scenario.snapshot()));
      town.enforce(changed, true);
      check(packets.again(shots), next, scenario);
    }
  }

  private static void check(List<Shot> shots, Policies policies, Scenario scenario)
      throws Exception {
    Evaluator evaluator = new Evaluator(policies, scenario.snapshot());
    CompiledPolicy compiled = PolicyEngine.compile(policies, scenario.snapshot());
    for (Shot shot : shots) {
      Flow flow = shot.flow();
      assertEquals(
          evaluator.decide(flow).allowed(),
          compiled.allowed(flow.from(), flow.to()).contains(flow.protocol(), flow.port()),
          shot::toString);
    }
    Set<Shot> arrived = Volley.arrived(shots, shot -> evaluator.decide(shot.flow()).allowed());
    List<String> different = new ArrayList<>();
    for (Shot shot : shots) {
      boolean answer = evaluator.decide(shot.flow()).allowed();
      if (answer != arrived.contains(shot)) {
        different.add(
            "%s: answer %s, packet %s".formatted(shot, word(answer), word(arrived.contains(shot))));
      }
    }
    assertEquals(List.of(), different, () -> "of " + shots.size() + " shots");
  }

  private static String word(boolean allowed) {
    return allowed ? "allowed" : "denied";
  }
}
