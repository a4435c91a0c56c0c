package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.DataplaneOptions.Denial;
import dev.ringfence.nftables.table.Established;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Programmed;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The proof holds for every table that we program.
class ProofLaws {
  static LongStream seeds() {
    return Seeds.some(150);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whatIsProgrammedIsProved(long seed) {
    Random random = new Random(seed);
    for (NodePolicy policy : nodes(World.random(seed))) {
      Wires wires = wires(policy, random);
      DataplaneOptions options =
          new DataplaneOptions(
              false,
              random.nextBoolean() ? Denial.DROP : Denial.REJECT,
              random.nextInt(4) == 0,
              5242);
      check(policy, wires, options, Set.of());
      if (seed % 3 != 0) {
        continue; // the other two thirds are quicker
      }
      Established keep =
          random.nextBoolean() ? Established.Keep.STANDARD : new Established.Keep(0x0300_0040);
      check(policy, wires, options.with(keep), some(policy, random));
    }
  }

  private static void check(
      NodePolicy policy, Wires wires, DataplaneOptions options, Set<Address> anew) {
    NodeTable table = Programmed.of(policy, wires, options, anew);
    ProofReport report = Proof.of(table, policy, wires, options);
    assertThat(report.differences()).isEmpty();
    assertThat(report.unproved()).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.regions()).isPositive();
  }

  /// Of the node's pods and their peers, and somebody else.
  static Set<Address> some(NodePolicy policy, Random random) {
    Set<Address> out = new HashSet<>();
    Stream.concat(
            policy.pods().stream().flatMap(pod -> pod.addresses().stream()),
            policy.sets().values().stream().flatMap(set -> set.members().stream()))
        .filter(_ -> random.nextInt(4) == 0)
        .forEach(out::add);
    if (random.nextBoolean()) {
      out.add(Address.of("203.0.113.9"));
    }
    return out;
  }

  /// Of every node, its policy without a budget and within one.
  static List<NodePolicy> nodes(World world) {
    CompiledPolicy compiled = world.compile();
    TreeSet<String> nodes = new TreeSet<>();
    world.snapshot().pods().values().forEach(pod -> pod.node().ifPresent(nodes::add));
    List<NodePolicy> out = new ArrayList<>();
    nodes.forEach(node -> out.add(compiled.forNode(node)));
    nodes.forEach(node -> out.add(world.tight(node)));
    return out;
  }

  /// Of every kind, some unknown.
  static Wires wires(NodePolicy policy, Random random) {
    Map<ObjectName, Wire> out = new HashMap<>();
    for (LocalPod pod : policy.pods()) {
      String name = "rfw" + out.size();
      switch (random.nextInt(5)) {
        case 0 -> {}
        case 1 -> out.put(pod.name(), new Wire(name, 0, true, Optional.empty()));
        case 2 ->
            out.put(
                pod.name(),
                new Wire(name, 0, true, Optional.of(Bytes.of(2, 0, 0, 0, 0, out.size()))));
        default -> out.put(pod.name(), Wire.routed(name));
      }
    }
    return new Wires(out);
  }
}
