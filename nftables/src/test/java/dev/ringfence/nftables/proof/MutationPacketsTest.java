package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.proof.Crossroads.Seen;
import dev.ringfence.nftables.proof.Mutations.Mutation;
import dev.ringfence.nftables.proof.ProofReport.Difference;
import dev.ringfence.nftables.proof.RealPacket.NotForReal;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tables in the kernel, changed by hand: each packet that the proof names is sent for real, and
/// behaves as it says; and once the table is repaired, as the policy says.
///
/// Which packets cannot be sent for real is counted by reason, and printed. `-Dringfence.soak=true`
/// tries 200 changes instead of 40.
@Tag("soak")
class MutationPacketsTest {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD.withTableOwner(false);
  private static final int MUTATIONS = 10;

  private static final Map<String, Integer> OUTCOMES = new TreeMap<>();

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    long from = Long.getLong("ringfence.from", 0);
    int worlds = Boolean.getBoolean("ringfence.soak") ? 20 : 4;
    return one != null ? LongStream.of(one) : LongStream.range(from, from + worlds);
  }

  private static void count(String outcome) {
    OUTCOMES.merge(outcome, 1, Integer::sum);
  }

  @AfterAll
  static void tell() {
    StringBuilder out = new StringBuilder("packets that the proof named:\n");
    OUTCOMES.forEach((what, how) -> out.append("%6d  %s%n".formatted(how, what)));
    System.out.print(out);
    int sent = sum("sent");
    assertThat(sent).isGreaterThanOrEqualTo(sum("not for real"));
  }

  private static int sum(String start) {
    return OUTCOMES.entrySet().stream()
        .filter(one -> one.getKey().startsWith(start))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whatTheProofNamesBehavesAsItSays(long seed) throws Exception {
    Random random = new Random(seed);
    List<NodePolicy> nodes = List.of();
    for (long world = seed; nodes.isEmpty(); world += 1_000) {
      nodes =
          ProofLaws.nodes(World.random(world)).stream()
              .filter(one -> !one.groups().isEmpty() && one.pods().size() < 40)
              .toList();
    }
    NodePolicy policy = nodes.get(random.nextInt(nodes.size()));
    Wires wires = MutationsKernelTest.few(ProofLaws.wires(policy, random));
    try (var scratch = ScratchNamespace.create();
        var crossroads = Crossroads.of(scratch)) {
      wires.byPod().values().forEach(wire -> crossroads.addWire(wire.interfaceName()));
      scratch.inside(() -> {
        try (NftablesDataplane dataplane = NftablesDataplane.open(OPTIONS);
            NetlinkSocket hand = NetlinkSocket.netfilter()) {
          new Trial(policy, wires, random, dataplane, hand, crossroads).run();
        }
        return null;
      });
    }
  }

  /// One world's table and what is done to it.
  private record Trial(
      NodePolicy policy,
      Wires wires,
      Random random,
      NftablesDataplane dataplane,
      NetlinkSocket hand,
      Crossroads crossroads) {
    void run() throws Exception {
      dataplane.apply(policy, wires, 1);
      NodeTable right = dataplane.readBack().orElseThrow();
      assertThat(Proof.of(right, policy, wires, OPTIONS).holds()).isTrue();
      Mutations mutations = new Mutations(right, new Probes(policy, wires, random), random);
      int tried = 0;
      for (int attempt = 0; tried < MUTATIONS && attempt < 20 * MUTATIONS; attempt++) {
        Optional<Mutation> mutation = mutations.next().filter(this::taken);
        if (mutation.isPresent()) {
          tried++;
          check(mutation.get());
        }
      }
      assertEquals(MUTATIONS, tried);
    }

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

    private void check(Mutation mutation) throws Exception {
      NodeTable now = dataplane.readBack().orElseThrow();
      ProofReport report = Proof.of(now, policy, wires, OPTIONS);
      count(report.holds() ? "changes that no packet notices" : "changes that a packet notices");
      List<Difference> played = new ArrayList<>();
      for (Difference difference : report.differences()) {
        if (plays(mutation, difference, difference.passes())) {
          played.add(difference);
        }
      }
      dataplane.repair();
      for (Difference difference : played) {
        plays(mutation, difference, !difference.passes());
      }
    }

    /// Whether the packet could be sent; then it must pass or not.
    private boolean plays(Mutation mutation, Difference difference, boolean passes)
        throws Exception {
      SamplePacket sample = difference.packet();
      String words = mutation + "\n" + difference;
      try {
        String as =
            sample.hook().contains(" ")
                ? frame(sample, passes, words)
                : packet(sample, passes, words);
        if (passes == difference.passes()) {
          count("sent, as said: " + as);
        }
        return true;
      } catch (NotForReal why) {
        count("not for real: " + why.getMessage());
        return false;
      }
    }

    private String packet(SamplePacket sample, boolean passes, String words) throws Exception {
      RealPacket packet = RealPacket.of(sample);
      Seen seen = crossroads.play(packet);
      String hook = packet.hook().toString().toLowerCase(Locale.ROOT);
      String more = words + "\n" + packet + "\n" + seen;
      assertThat(seen.came()).as(more).contains(hook + "_" + as(packet.situation()));
      assertEquals(passes, seen.passed().contains(hook + "_passed"), more);
      return packet.situation() + " at " + hook;
    }

    private String frame(SamplePacket sample, boolean passes, String words) throws Exception {
      RealFrame frame = RealFrame.of(sample);
      Seen seen = crossroads.play(frame);
      String hook = frame.ingress() ? "ingress" : "egress";
      String at = frame.device() + "_" + hook;
      String more = words + "\n" + frame + "\n" + seen;
      assertThat(seen.came()).as(more).contains(at + "_came");
      assertEquals(passes, seen.passed().contains(at + "_passed"), more);
      return sample.family() + " at " + hook;
    }

    private static String as(Situation situation) {
      return switch (situation) {
        case NEW -> "new_original";
        case ESTABLISHED -> "established_original";
        case REPLY -> "established_reply";
        case RELATED -> "related_original";
        case ERROR -> "related_original";
        case ERROR_REPLY -> "related_reply";
        case INVALID -> "invalid_original";
        case UNTRACKED -> "untracked_original";
      };
    }
  }
}
