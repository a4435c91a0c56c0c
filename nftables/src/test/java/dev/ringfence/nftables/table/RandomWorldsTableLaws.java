package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.OwnedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomWorldsTableLaws {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD;

  /// Every node of some random worlds, of every other within a budget.
  private static List<NodePolicy> policies() {
    long[] seeds =
        Long.getLong("seed") != null
            ? new long[] {Long.getLong("seed")}
            : LongStream.range(0, 25).toArray();
    List<NodePolicy> out = new ArrayList<>();
    for (long seed : seeds) {
      World world = World.random(seed);
      CompiledPolicy compiled = world.compile();
      TreeSet<String> nodes = new TreeSet<>();
      world.snapshot().pods().values().forEach(pod -> pod.node().ifPresent(nodes::add));
      nodes.forEach(node -> out.add(seed % 2 == 0 ? compiled.forNode(node) : world.tight(node)));
    }
    return out;
  }

  /// From any policy to any other in one transaction: the kernel holds what we say it does.
  @Test
  void whatIsReadBackIsWhatWasApplied() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        try (NftablesDataplane dataplane = NftablesDataplane.open(OPTIONS)) {
          long generation = 0;
          for (NodePolicy policy : policies()) {
            dataplane.apply(policy, Wires.NONE, ++generation);
            NodeTable read = dataplane.readBack().orElseThrow();
            assertEquals(0, Comparison.count(dataplane.held(), read), policy::toString);
            assertEquals(generation, read.generation().orElseThrow());
            Applied again = dataplane.apply(policy, Wires.NONE, ++generation);
            assertEquals(0, again.elementsAdded() + again.elementsDeleted());
            assertThat(dataplane.describe()).contains("node " + policy.node());
          }
          assertThat(scratch.run("nft", "list", "ruleset"))
              .contains("table inet ringfence")
              .doesNotContain("@nh")
              .doesNotContain("unknown");
          assertThat(scratch.run("nft", "-j", "list", "ruleset")).startsWith("{\"nftables\"");
        }
        return null;
      });
    }
  }

  @Test
  void aRestartFindsWhatItLeft() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        NodePolicy policy = policies().getFirst();
        try (NftablesDataplane first = NftablesDataplane.open(OPTIONS)) {
          first.apply(policy, Wires.NONE, 1);
        }
        try (NftablesDataplane second = NftablesDataplane.open(OPTIONS)) {
          assertEquals(1, second.held().generation().orElseThrow());
          Applied applied = second.apply(policy, Wires.NONE, 2);
          assertEquals(0, applied.elementsAdded() + applied.elementsDeleted());
          assertEquals(OwnedTables.areTaken(), second.owned());
          second.remove();
          assertEquals(Optional.empty(), second.readBack());
        }
        assertEquals("", scratch.run("nft", "list", "ruleset"));
        return null;
      });
    }
  }
}
