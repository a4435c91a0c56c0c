package dev.ringfence.core.compiled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens, in whatever batches: an engine that was told of changes answers as one that
/// was told of everything at once, and says exactly what changed.
///
/// 20,000 events, in the soak 1,000,000.
@Tag("soak")
class IncrementalLaws {
  private static final int EVENTS = 100;
  private static final WorldShape SMALL = new WorldShape(12, 3, 6, true, true, 20);
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

  static LongStream seeds() {
    return Seeds.some((Boolean.getBoolean("ringfence.soak") ? 1_000_000 : 20_000) / EVENTS);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whatIsKeptUpIsWhatCompilingFromScratchGives(long seed) {
    Dice dice = new Dice(seed);
    List<World> worlds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      worlds.add(World.random(seed * 3 + i, dice.percent(10) ? WorldShape.STRANGE : SMALL));
    }
    List<Change> events = new RandomEvents(seed, worlds).some(EVENTS);
    ClusterState state = new ClusterState();
    Kept everyStep = new Kept(engine(dice));
    Kept inBatches = new Kept(engine(dice));
    PolicyEngine atTheEnd = engine(dice);
    List<Change> batch = new ArrayList<>();
    int size = dice.oneOf(2, 5, 20);
    for (Change event : events) {
      state.take(event);
      batch.add(event);
      everyStep.apply(Changes.of(event));
      if (dice.percent(10)) {
        everyStep.check(state.compile());
      }
      if (batch.size() >= size) {
        inBatches.apply(new Changes(batch));
        batch.clear();
        size = dice.between(1, dice.oneOf(2, 5, 20));
      }
    }
    CompiledPolicy scratch = state.compile();
    everyStep.check(scratch);
    inBatches.apply(new Changes(batch));
    inBatches.check(scratch);
    CompiledPolicy last = atTheEnd.apply(new Changes(events));
    for (String node : NODES) {
      checkEqual(scratch.forNode(node), last.forNode(node));
    }
    checkCells(worlds, scratch, everyStep.now);
    checkRows(state, scratch, everyStep.now);
    checkRows(state, scratch, last);
  }

  private static PolicyEngine engine(Dice dice) {
    return dice.percent(70) ? new PolicyEngine() : Engines.forgetful();
  }

  /// An engine and its last answers.
  private static final class Kept {
    private final PolicyEngine engine;
    private final Map<String, NodePolicy> answers = new HashMap<>();
    private CompiledPolicy now;

    private Kept(PolicyEngine engine) {
      this.engine = engine;
      this.now = engine.apply(Changes.of());
    }

    private void apply(Changes changes) {
      now = engine.apply(changes);
      for (String node : NODES) {
        NodePolicy answer = now.forNode(node);
        NodePolicy before = answers.put(node, answer);
        if (before != null) {
          checkDifference(before, answer);
        }
        assertSame(answer, now.forNode(node));
      }
    }

    private void check(CompiledPolicy scratch) {
      for (String node : NODES) {
        checkEqual(scratch.forNode(node), now.forNode(node));
      }
    }
  }

  /// In parts, since the whole is too long to read.
  private static void checkEqual(NodePolicy expected, NodePolicy found) {
    assertEquals(expected.pods(), found.pods());
    assertEquals(expected.groups(), found.groups());
    assertEquals(expected.sets().keySet(), found.sets().keySet());
    expected.sets().forEach((id, set) -> assertEquals(set, found.sets().get(id)));
    assertEquals(expected, found);
  }

  /// What is equal is the same object, and what is said to have changed has changed.
  private static void checkDifference(NodePolicy before, NodePolicy after) {
    if (before.equals(after)) {
      assertSame(before, after);
    }
    if (before.pods().equals(after.pods())) {
      assertSame(before.pods(), after.pods());
    }
    if (before.groups().equals(after.groups())) {
      assertSame(before.groups(), after.groups());
    }
    after
        .groups()
        .forEach((id, group) -> {
          if (group.equals(before.groups().get(id))) {
            assertSame(before.groups().get(id), group);
          }
        });
    Set<String> changed = new HashSet<>();
    after
        .sets()
        .forEach((id, set) -> {
          if (!set.equals(before.sets().get(id))) {
            changed.add(id);
          }
        });
    Set<String> gone = new HashSet<>(before.sets().keySet());
    gone.removeAll(after.sets().keySet());
    Layered.Since since = after.sets().changedSince(before.sets());
    assertEquals(changed, Set.copyOf(since.changed()));
    assertEquals(gone, Set.copyOf(since.gone()));
    for (String id : changed) {
      checkMembers(before.sets().get(id), Objects.requireNonNull(after.sets().get(id)));
    }
  }

  private static void checkMembers(@Nullable PeerSet before, PeerSet after) {
    AddressSet had = before == null ? AddressSet.EMPTY : before.members();
    AddressSet replayed = had;
    for (var all = had.missingFrom(after.members()); all.hasNext(); ) {
      replayed = replayed.without(all.next());
    }
    for (var all = after.members().missingFrom(had); all.hasNext(); ) {
      replayed = replayed.with(all.next());
    }
    assertEquals(after.members(), replayed);
  }

  private static void checkCells(List<World> worlds, CompiledPolicy scratch, CompiledPolicy kept) {
    for (World world : worlds) {
      for (Flow flow : world.flows()) {
        assertEquals(
            scratch.allowed(flow.from(), flow.to()),
            kept.allowed(flow.from(), flow.to()),
            flow::toString);
        if (flow.to() instanceof Endpoint.OfPod(Pod pod, var at)) {
          assertEquals(
              scratch.cell(Direction.INGRESS, pod, flow.from()),
              kept.cell(Direction.INGRESS, pod, flow.from()),
              flow::toString);
        }
      }
    }
  }

  private static void checkRows(ClusterState state, CompiledPolicy scratch, CompiledPolicy kept) {
    List<Endpoint> ends = new ArrayList<>();
    for (Pod pod : state.pods.values()) {
      if (pod.counts()) {
        ends.add(new Endpoint.OfPod(pod, pod.knownAddresses().stream().findFirst()));
      }
    }
    Rows expected = scratch.rows(ends);
    Rows found = kept.rows(ends);
    for (Endpoint end : ends) {
      if (end instanceof Endpoint.OfPod(Pod pod, var at)) {
        for (Direction direction : Direction.values()) {
          Row row = expected.of(direction, pod);
          Row other = found.of(direction, pod);
          assertEquals(Set.copyOf(row.parts()), Set.copyOf(other.parts()));
          assertEquals(row.outside(), other.outside());
          assertEquals(row.byAddress(), other.byAddress());
        }
      }
    }
  }
}
