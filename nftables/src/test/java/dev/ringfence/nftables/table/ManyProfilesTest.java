package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.proof.Proof;
import dev.ringfence.nftables.proof.ProofReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A group with many sets of peers is one lookup, and its changes cost what they change.
class ManyProfilesTest {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD;
  private static final Crowd CROWD = new Crowd(30, 3, true);

  interface Body {
    void run(ScratchNamespace scratch, NftablesDataplane dataplane) throws Exception;
  }

  private static void with(Body body) throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        try (NftablesDataplane dataplane = NftablesDataplane.open(OPTIONS)) {
          body.run(scratch, dataplane);
        }
        return null;
      });
    }
  }

  /// The kernel holds what we think, and that is what the policy says.
  private static void check(NftablesDataplane dataplane, NodePolicy policy) {
    NodeTable there = dataplane.readBack().orElseThrow();
    assertEquals(0, Comparison.count(dataplane.held(), there));
    ProofReport proof = Proof.of(there, policy, Wires.NONE, OPTIONS);
    assertTrue(proof.holds(), proof::toString);
  }

  @Test
  void nftPrintsItPlainly() throws Exception {
    with((scratch, dataplane) -> {
      dataplane.apply(CROWD.policy(), Wires.NONE, 1);
      check(dataplane, CROWD.policy());
      String listed = scratch.run("nft", "list", "table", "inet", "ringfence");
      assertThat(listed)
          .contains("type ipv4_addr . inet_proto . inet_service")
          .contains("ct original ip saddr . ct protocol . ct reply proto-src @allowed_")
          .contains("ct original ip6 saddr . ct protocol . ct reply proto-src @allowed_")
          .contains("ip saddr . meta l4proto . th dport @allowed_")
          .contains("10.17.0.0 . tcp . 1001")
          .doesNotContain("unknown");
      assertThat(dataplane.describe())
          .contains("of these, 29 sets of peers are looked up at once, with their ports: allowed_")
          .contains("174 elements");
    });
  }

  @Test
  void onePeerMoreIsItsPortsAndItself() throws Exception {
    with((_, dataplane) -> {
      NodePolicy policy = CROWD.policy();
      dataplane.apply(policy, Wires.NONE, 1);
      NodePolicy one = Crowd.with(policy, 5, and(CROWD.peers(5), Crowd.peer(Family.IPV4, 5, 99)));
      Applied applied = dataplane.apply(one, Wires.NONE, 2);
      assertEquals(3, applied.elementsAdded());
      assertEquals(0, applied.elementsDeleted());
      assertEquals(0, applied.setsAdded());
      check(dataplane, one);
      Applied back = dataplane.apply(policy, Wires.NONE, 3);
      assertEquals(3, back.elementsDeleted());
      assertEquals(0, back.elementsAdded());
      check(dataplane, policy);
    });
  }

  /// It keeps the port that both sets have.
  @Test
  void aPeerThatMovesIsOneElementLessAndOneMore() throws Exception {
    for (boolean down : new boolean[] {true, false}) {
      with((_, dataplane) -> {
        NodePolicy policy = CROWD.policy();
        dataplane.apply(policy, Wires.NONE, 1);
        int from = down ? 9 : 3;
        int to = down ? 3 : 9;
        Address moves = Crowd.peer(Family.IPV6, from, 1);
        List<Address> fewer = new ArrayList<>(CROWD.peers(from));
        fewer.remove(moves);
        NodePolicy moved =
            Crowd.with(Crowd.with(policy, from, fewer), to, and(CROWD.peers(to), moves));
        Applied applied = dataplane.apply(moved, Wires.NONE, 2);
        assertEquals(1, applied.elementsAdded());
        assertEquals(1, applied.elementsDeleted());
        check(dataplane, moved);
      });
    }
  }

  @Test
  void aRestartChangesNothing() throws Exception {
    with((_, dataplane) -> {
      dataplane.apply(CROWD.policy(), Wires.NONE, 1);
      dataplane.close();
      try (NftablesDataplane next = NftablesDataplane.open(OPTIONS)) {
        Applied applied = next.apply(CROWD.policy(), Wires.NONE, 2);
        assertEquals(0, applied.elementsAdded() + applied.elementsDeleted());
        assertEquals(0, applied.setsAdded() + applied.setsDeleted() + applied.chainsAdded());
        check(next, CROWD.policy());
      }
    });
  }

  @Test
  void aSetThatIsFullGivesWayToALargerOne() throws Exception {
    with((_, dataplane) -> {
      NodePolicy policy = CROWD.policy();
      dataplane.apply(policy, Wires.NONE, 1);
      NodePolicy grown = Crowd.with(policy, 7, many(7, 2_000));
      Applied applied = dataplane.apply(grown, Wires.NONE, 2);
      assertEquals(2, applied.setsAdded()); // with their ports, and alone
      assertEquals(0, applied.chainsAdded());
      check(dataplane, grown);
      dataplane.apply(policy, Wires.NONE, 3);
      check(dataplane, policy);
    });
  }

  /// A set of peers that takes too many elements gets a lookup of its own, and stays there until it
  /// has shrunk; what an earlier life decided, a later one leaves.
  @Test
  void tooManyPeersAreLookedUpApart() throws Exception {
    with((_, dataplane) -> {
      NodePolicy policy = CROWD.policy();
      dataplane.apply(policy, Wires.NONE, 1);
      NodePolicy some = Crowd.with(policy, 7, many(7, Joining.MOST_EACH * 3 / 4));
      dataplane.apply(some, Wires.NONE, 2);
      assertThat(held(dataplane)).doesNotContain("peers_s7_4");
      check(dataplane, some);
      NodePolicy more = Crowd.with(policy, 7, many(7, Joining.MOST_EACH + 1));
      dataplane.apply(more, Wires.NONE, 3);
      assertThat(held(dataplane)).contains("peers_s7_4").doesNotContain("peers_s7_6");
      check(dataplane, more);
      dataplane.close();
      try (NftablesDataplane next = NftablesDataplane.open(OPTIONS)) {
        assertThat(next.apply(more, Wires.NONE, 4).elementsAdded()).isZero();
        assertThat(held(next)).contains("peers_s7_4");
        next.apply(policy, Wires.NONE, 5);
        check(next, policy);
      }
    });
  }

  private static Set<String> held(NftablesDataplane dataplane) {
    return dataplane.held().policy().sets().keySet();
  }

  private static List<Address> and(List<Address> some, Address more) {
    List<Address> out = new ArrayList<>(some);
    out.add(more);
    return out;
  }

  private static List<Address> many(int set, int count) {
    return IntStream.range(0, count).mapToObj(i -> Crowd.peer(Family.IPV4, set, i)).toList();
  }
}
