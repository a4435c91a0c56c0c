package dev.ringfence.nftables.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.ClusterState;
import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.RandomEvents;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.proof.Proof;
import dev.ringfence.nftables.proof.ProofReport;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// After any sequence of changes, in whatever batches, the kernel holds what a start from nothing
/// would have put there, and that is proved to do what the policy says.
///
/// `-Dringfence.seeds=N` for so many sequences.
class ChangesTableLaws {
  private static final int EVENTS = 60;
  private static final int WIRES = 3;
  private static final String NODE = "node-1";
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD;
  private static final WorldShape SMALL = new WorldShape(14, 2, 8, true, true, 1);

  private static final WorldShape CROWDED = new WorldShape(24, 2, 24, true, true, true, 1);

  private static ScratchNamespace scratch;

  static LongStream seeds() {
    return Seeds.some(100);
  }

  @BeforeAll
  static void open() {
    scratch = ScratchNamespace.create();
    for (int i = 0; i < WIRES; i++) {
      scratch.run("ip", "link", "add", "rfw" + i, "type", "veth", "peer", "name", "rfp" + i);
    }
  }

  @AfterAll
  static void close() {
    scratch.close();
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void theKernelHoldsWhatAStartFromNothingWouldPutThere(long seed) throws Exception {
    scratch.inside(() -> {
      Dice dice = new Dice(seed);
      List<World> worlds = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        WorldShape usual = dice.percent(10) ? WorldShape.STRANGE : SMALL;
        worlds.add(World.random(seed * 3 + i, seed % 5 == 3 ? CROWDED : usual));
      }
      try (Run run = new Run(dice)) {
        for (Change event : new RandomEvents(seed, worlds).some(EVENTS)) {
          run.take(event);
        }
        run.flush();
        run.check();
        run.dataplane.remove();
      }
      return null;
    });
  }

  /// An engine and a dataplane that are told of everything, and what they must have come to.
  private static final class Run implements AutoCloseable {
    private final Dice dice;
    private final ClusterState state = new ClusterState();
    private final MemberBudget budget;
    private final PolicyEngine engine;
    private final List<Change> waiting = new ArrayList<>();
    private NftablesDataplane dataplane = NftablesDataplane.open(OPTIONS);
    private Wires wires = Wires.NONE;
    private long generation;

    Run(Dice dice) {
      this.dice = dice;
      this.budget =
          dice.percent(50) ? MemberBudget.UNLIMITED : new MemberBudget(dice.between(5, 40));
      this.engine = new PolicyEngine(budget);
    }

    void take(Change event) {
      state.take(event);
      waiting.add(event);
      if (dice.percent(60)) {
        flush();
      }
      if (dice.percent(8)) {
        check();
      }
      if (dice.percent(3)) {
        dataplane.close();
        dataplane = NftablesDataplane.open(OPTIONS);
      }
    }

    /// Whether the node may hold all that; if not, the kernel keeps what it has.
    boolean flush() {
      NodePolicy policy;
      try {
        policy = engine.apply(new Changes(waiting)).forNode(NODE);
      } catch (OverBudget refused) {
        return false;
      } finally {
        waiting.clear();
      }
      wires = dice.percent(30) ? random(policy) : wires;
      dataplane.apply(policy, wires, ++generation);
      return true;
    }

    /// Some pods behind some wires, now and then two behind one.
    private Wires random(NodePolicy policy) {
      Map<ObjectName, Wire> byPod = new HashMap<>();
      for (NodePolicy.LocalPod pod : policy.pods()) {
        if (dice.percent(50)) {
          byPod.put(pod.name(), Wire.routed("rfw" + dice.between(0, WIRES - 1)));
        }
      }
      return new Wires(byPod);
    }

    void check() {
      if (!flush()) {
        return;
      }
      NodePolicy scratch = state.compile(budget).forNode(NODE);
      GuardTable guard = new GuardTable(scratch, wires, GuardTable.Unavailable.NOTHING);
      NodeTable wanted =
          NodeTable.of(
              scratch,
              guard,
              Optional.empty(),
              OPTIONS,
              generation,
              NodeTable.empty(true),
              new Renderings());
      NodeTable there = dataplane.readBack().orElseThrow();
      assertEquals(0, Comparison.count(dataplane.held(), there));
      same(wanted.policy(), there.policy());
      same(wanted.guard(), there.guard());
      assertEquals(Sizes.of(there).members(), dataplane.sizes().members());
      ProofReport proof = Proof.of(there, scratch, wires, OPTIONS);
      assertTrue(proof.holds(), proof::toString);
    }

    /// Everything but the room that sets were given.
    private static void same(TableContent wanted, TableContent there) {
      assertEquals(new TreeSet<>(wanted.chains().keySet()), new TreeSet<>(there.chains().keySet()));
      wanted.chains().forEach((name, chain) -> assertEquals(chain, there.chains().get(name)));
      assertEquals(new TreeSet<>(wanted.sets().keySet()), new TreeSet<>(there.sets().keySet()));
      wanted
          .sets()
          .forEach((name, set) -> {
            SetContent is = Objects.requireNonNull(there.sets().get(name));
            assertEquals(butRoom(set.set()), butRoom(is.set()));
            assertEquals(0, missing(set, is) + missing(is, set), name);
          });
      assertEquals(wanted.counters(), there.counters());
    }

    private static List<Object> butRoom(NftSet set) {
      return List.of(set.table(), set.name(), set.key(), set.interval(), set.data(), set.comment());
    }

    private static int missing(SetContent of, SetContent from) {
      int count = 0;
      for (var left = of.members().without(from.members()); left.hasNext(); left.next()) {
        count++;
      }
      return count;
    }

    @Override
    public void close() {
      dataplane.close();
    }
  }
}
