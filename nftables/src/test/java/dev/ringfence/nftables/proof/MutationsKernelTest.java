package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.proof.Mutations.Mutation;
import dev.ringfence.nftables.proof.ProofReport.Difference;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.TableInterpreter;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tables in the kernel, changed by hand: the proof finds the changes that some packet notices, and
/// no others. Which those are, an interpreter says, packet by packet.
///
/// `-Dringfence.mutations=20` tries so many in each of `-Dringfence.mutations.worlds=10` worlds.
@Tag("soak")
class MutationsKernelTest {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD.withTableOwner(false);
  private static final int PACKETS = 3_000;
  private static final boolean SOAK = Boolean.getBoolean("ringfence.soak");

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    long from = Long.getLong("ringfence.from", 0);
    return one != null
        ? LongStream.of(one)
        : LongStream.range(
            from, from + Integer.getInteger("ringfence.mutations.worlds", SOAK ? 50 : 4));
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void theProofFindsWhatAPacketWouldNotice(long seed) throws Exception {
    Random random = new Random(seed);
    List<NodePolicy> nodes = List.of();
    for (long world = seed; nodes.isEmpty(); world += 1_000) {
      nodes =
          ProofLaws.nodes(World.random(world)).stream()
              .filter(one -> !one.groups().isEmpty() && one.pods().size() < 40)
              .toList();
    }
    NodePolicy policy = nodes.get(random.nextInt(nodes.size()));
    Wires wires = few(ProofLaws.wires(policy, random));
    try (var scratch = ScratchNamespace.create()) {
      wires
          .byPod()
          .values()
          .forEach(
              wire -> scratch.runAll("ip link add %s type veth".formatted(wire.interfaceName())));
      scratch.inside(() -> {
        try (NftablesDataplane dataplane = NftablesDataplane.open(OPTIONS);
            NetlinkSocket hand = NetlinkSocket.netfilter()) {
          new Trial(policy, wires, random, dataplane, hand).run();
        }
        return null;
      });
    }
  }

  static Wires few(Wires all) {
    Map<ObjectName, Wire> out = new HashMap<>();
    all.byPod()
        .forEach((pod, wire) -> {
          if (out.size() < 6) {
            out.put(pod, wire);
          }
        });
    return new Wires(out);
  }

  /// One world's table and what is done to it.
  private record Trial(
      NodePolicy policy,
      Wires wires,
      Random random,
      NftablesDataplane dataplane,
      NetlinkSocket hand) {
    void run() {
      dataplane.apply(policy, wires, 1);
      NodeTable right = dataplane.readBack().orElseThrow();
      assertThat(Proof.of(right, policy, wires, OPTIONS).holds()).isTrue();
      Probes probes = new Probes(policy, wires, random);
      Mutations mutations = new Mutations(right, probes, random);
      int noticed = 0;
      int tried = 0;
      int most = Integer.getInteger("ringfence.mutations", 10);
      for (int attempt = 0; tried < most && attempt < 20 * most; attempt++) {
        Optional<Mutation> mutation = mutations.next().filter(this::taken);
        if (mutation.isPresent()) {
          tried++;
          noticed += check(mutation.get(), right, probes) ? 1 : 0;
          dataplane.repair();
          NodeTable repaired = dataplane.readBack().orElseThrow();
          assertThat(Proof.of(repaired, policy, wires, OPTIONS).holds())
              .as("after %s", mutation.get())
              .isTrue();
        }
      }
      assertEquals(most, tried);
      assertThat(noticed).isPositive();
    }

    /// The kernel does not take everything.
    private boolean taken(Mutation mutation) {
      Batch batch = new Batch();
      mutation.write().accept(batch);
      try {
        hand.transact(batch);
        return true;
      } catch (KernelRefused refused) {
        return false;
      }
    }

    /// Whether the proof finds that a packet would notice, and is right.
    private boolean check(Mutation mutation, NodeTable right, Probes probes) {
      NodeTable now = dataplane.readBack().orElseThrow();
      ProofReport report = Proof.of(now, policy, wires, OPTIONS);
      // Only where a rule was made to read a header as if it were of the other family.
      if (!report.unproved().isEmpty()) {
        assertThat(report.unproved())
            .as(mutation.toString())
            .allMatch(words -> words.contains("across"));
      }
      Judge before = new Judge(right);
      Judge after = new Judge(now);
      List<Object> different = new ArrayList<>();
      for (int i = 0; i < PACKETS; i++) {
        Probe packet = probes.packet();
        if (before.passes(packet) != after.passes(packet)) {
          different.add(packet);
        }
        probes
            .frame()
            .filter(frame -> before.passes(frame) != after.passes(frame))
            .ifPresent(different::add);
      }
      if (report.holds()) {
        assertThat(different).as("nothing found of: %s", mutation).isEmpty();
      }
      for (Difference difference : report.differences()) {
        SamplePacket sample = difference.packet();
        if (sample.details().stream().anyMatch(one -> one.what().startsWith("network header"))) {
          continue; // bytes that a probe has no room for
        }
        String words = mutation + "\n" + difference;
        boolean frame = sample.hook().contains(" ");
        boolean was =
            frame ? before.passes(FrameProbe.of(sample)) : before.passes(Probe.of(sample));
        boolean is = frame ? after.passes(FrameProbe.of(sample)) : after.passes(Probe.of(sample));
        assertEquals(difference.passes(), is, words);
        assertEquals(!difference.passes(), was, words);
      }
      return !report.holds();
    }
  }

  /// What the tables do, packet by packet.
  private static final class Judge {
    private final TableInterpreter policy;
    private final TableInterpreter guard;

    Judge(NodeTable table) {
      policy = new TableInterpreter(table.policy());
      guard = new TableInterpreter(table.guard());
    }

    boolean passes(Probe packet) {
      return policy.passes(packet.hook(), Optional.empty(), packet);
    }

    boolean passes(FrameProbe frame) {
      Hook hook = frame.fromPod() ? Hook.INGRESS : Hook.EGRESS;
      return guard.passes(hook, Optional.of(frame.device()), frame);
    }
  }
}
