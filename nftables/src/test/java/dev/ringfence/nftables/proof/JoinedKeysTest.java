package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.table.Crowd;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Members;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Programmed;
import dev.ringfence.nftables.table.SetContent;
import dev.ringfence.nftables.table.TableContent;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The proof reads keys of several fields to the last element.
class JoinedKeysTest {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD;
  private static final NodePolicy POLICY = new Crowd(12, 2, true).policy();
  private static final NodeTable RIGHT = Programmed.of(POLICY, Wires.NONE, OPTIONS);

  private static List<SetContent> sets(String prefix) {
    return RIGHT.policy().sets().values().stream()
        .filter(one -> one.set().name().startsWith(prefix))
        .toList();
  }

  private static Set<NftElement> elements(SetContent set) {
    Set<NftElement> out = new HashSet<>();
    set.members().elements().forEachRemaining(out::add);
    return out;
  }

  private static ProofReport with(SetContent set, Set<NftElement> elements) {
    Map<String, SetContent> sets = new HashMap<>(RIGHT.policy().sets());
    sets.put(set.set().name(), new SetContent(set.set(), new Members.Listed(elements)));
    TableContent policy =
        new TableContent(
            RIGHT.policy().table(), RIGHT.policy().chains(), Map.copyOf(sets), Set.of());
    return Proof.of(new NodeTable(policy, RIGHT.guard()), POLICY, Wires.NONE, OPTIONS);
  }

  @Test
  void whatIsProgrammedHolds() {
    assertEquals(2, sets("allowed_").size());
    assertEquals(2, sets("known_").size());
    assertTrue(Proof.of(RIGHT, POLICY, Wires.NONE, OPTIONS).holds());
    sets("allowed_").forEach(set -> assertTrue(with(set, elements(set)).holds()));
  }

  @Test
  void everyMissingElementIsFound() {
    for (SetContent set : sets("allowed_")) {
      for (NftElement gone : elements(set)) {
        Set<NftElement> rest = elements(set);
        rest.remove(gone);
        names(with(set, rest), gone.key(), false);
      }
    }
  }

  @Test
  void everyElementTooMuchIsFound() {
    for (SetContent set : sets("allowed_")) {
      for (NftElement there : elements(set)) {
        for (Bytes other : beside(there.key())) {
          Set<NftElement> more = elements(set);
          if (more.add(NftElement.of(other))) {
            names(with(set, more), other, true);
          }
        }
      }
    }
  }

  /// A peer that nobody knows is judged by the address blocks.
  @Test
  void everyMissingPeerIsFound() {
    for (SetContent set : sets("known_")) {
      for (NftElement gone : elements(set)) {
        Set<NftElement> rest = elements(set);
        rest.remove(gone);
        ProofReport report = with(set, rest);
        String address = Address.ofBytes(gone.key().toArray()).toString();
        assertThat(report.differences())
            .isNotEmpty()
            .allMatch(one -> one.passes())
            .allMatch(one ->
                one.packet().from().orElseThrow().equals(address)
                    || one.packet().to().orElseThrow().equals(address));
      }
    }
  }

  /// A lookup has zeros there, so such an element is never found.
  @Test
  void whatStandsBetweenFieldsIsNoKey() {
    for (SetContent set : sets("allowed_")) {
      Set<NftElement> all = elements(set);
      byte[] key = all.iterator().next().key().toArray();
      key[key.length - 1] = 1;
      key[key.length - 4] = 7; // another port
      all.add(NftElement.of(Bytes.copyOf(key)));
      assertTrue(with(set, all).holds());
    }
  }

  /// Another address, protocol or port.
  private static List<Bytes> beside(Bytes key) {
    int address = key.length() - 8;
    List<Bytes> out = new ArrayList<>();
    for (int at : new int[] {address - 1, address, address + 5}) {
      byte[] other = key.toArray();
      other[at] += (byte) (at == address ? 11 : 1); // UDP for TCP
      out.add(Bytes.copyOf(other));
    }
    return out;
  }

  private static void names(ProofReport report, Bytes key, boolean passes) {
    int end = key.length() - 8;
    String peer = Address.ofBytes(key.slice(0, end).toArray()).toString();
    assertFalse(report.holds(), () -> "nothing found of " + key);
    assertThat(report.unproved()).isEmpty();
    int port = key.at(end + 4) << 8 | key.at(end + 5);
    boolean hasPorts = key.at(end) == 6 || key.at(end) == 17;
    assertThat(report.differences())
        .anyMatch(one ->
            one.passes() == passes
                && one.packet().from().orElseThrow().equals(peer)
                && one.packet().protocol().equals(OptionalInt.of(key.at(end)))
                && (!hasPorts || one.packet().port().equals(OptionalInt.of(port))));
  }
}
