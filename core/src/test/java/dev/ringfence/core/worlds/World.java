package dev.ringfence.core.worlds;

import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.Engines;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Policies;
import java.util.List;

/// One random cluster with its policies, and questions about it.
///
/// @param outside addresses that belong to nobody in the cluster, edges of blocks among them
/// @param flows biased to the edges of port ranges and blocks
public record World(
    long seed, Snapshot snapshot, Policies policies, List<Address> outside, List<Flow> flows) {
  public World {
    outside = List.copyOf(outside);
    flows = List.copyOf(flows);
  }

  /// One seed in ten is a large world, and one a crowded one.
  public static World random(long seed) {
    return random(
        seed,
        seed % 10 == 7
            ? WorldShape.LARGE
            : seed % 10 == 3 ? WorldShape.CROWDED : WorldShape.STRANGE);
  }

  public static World random(long seed, WorldShape shape) {
    return new WorldGenerator(seed, shape).world();
  }

  public Evaluator evaluator() {
    return new Evaluator(policies, snapshot);
  }

  /// What a node gets within a budget as small as can be.
  public NodePolicy tight(String node) {
    return Engines.tight(policies, snapshot, node);
  }

  public CompiledPolicy compile() {
    return PolicyEngine.compile(policies, snapshot);
  }
}
