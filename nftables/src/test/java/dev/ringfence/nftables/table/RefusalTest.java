package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.OtherKernel;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the kernel refuses: named, with who wanted it, and nothing of the change is done.
class RefusalTest {
  private static final PortSet WEB = PortSet.of(Protocol.TCP, PortRange.only(80));
  private static final DataplaneOptions OPEN = DataplaneOptions.STANDARD.withTableOwner(false);
  private static final Address BAD = Address.of("10.66.66.66");

  private interface Body {
    void run(Rig rig, OtherKernel kernel, NftablesDataplane dataplane) throws Exception;
  }

  private static void on(OtherKernel.Rule rule, Body body) throws Exception {
    try (Rig rig = Rig.routed(3)) {
      rig.node()
          .inside(() -> {
            OtherKernel kernel = new OtherKernel(rule);
            try (NftablesDataplane dataplane =
                NftablesDataplane.over(NetlinkSocket.over(kernel), OPEN)) {
              body.run(rig, kernel, dataplane);
            }
            return null;
          });
    }
  }

  private static int nothing(OtherKernel.Request request) {
    return 0;
  }

  private static NodePolicy with(NodePolicy policy, Address... more) {
    Map<String, PeerSet> sets = new HashMap<>(policy.sets());
    PeerSet peers = Objects.requireNonNull(policy.sets().get("as"));
    Set<Address> members = new HashSet<>(peers.members());
    members.addAll(List.of(more));
    sets.put("as", new PeerSet("as", peers.meaning(), members));
    return new NodePolicy(policy.node(), policy.pods(), policy.groups(), sets);
  }

  private static void holdsWhatItSays(NftablesDataplane dataplane) {
    assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
  }

  private static KernelRefused refused(
      NftablesDataplane dataplane, NodePolicy policy, Wires wires, long generation) {
    NodeTable before = dataplane.readBack().orElseThrow();
    KernelRefused refused =
        assertThrows(KernelRefused.class, () -> dataplane.apply(policy, wires, generation));
    NodeTable after = dataplane.readBack().orElseThrow();
    assertEquals(0, Comparison.count(before, after), "nothing is half done");
    holdsWhatItSays(dataplane);
    return refused;
  }

  /// Ranges that overlap come from no policy; a tree refuses them.
  @Test
  void overlappingRangesAreNamedWithTheirPolicy() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          List<AddressRange> ranges = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            int first = (10 << 24) + i * 1000;
            ranges.add(new AddressRange(Address.ofV4(first), Address.ofV4(first + 1500)));
          }
          Admission peers = new Admission("as", WEB);
          NodePolicy bad = rig.ingressOfB(List.of(peers), List.of(new Span(ranges, WEB)));
          KernelRefused refused = refused(dataplane, bad, rig.wires(), 2);
          assertThat(refused.request())
              .startsWith("add element 10.0.")
              .contains(" to set inet ringfence net_");
          assertEquals(List.of("networkpolicy/test/b"), refused.origin());
          assertThat(refused.getMessage()).endsWith(", for networkpolicy/test/b");

          dataplane.apply(with(rig.onlyAReachesB(WEB), Address.of("10.45.0.1")), rig.wires(), 3);
          holdsWhatItSays(dataplane);
          assertEquals(3, dataplane.held().generation().orElseThrow());
        });
  }

  @Test
  void aWireThatCannotBeIsNamedWithItsPod() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          Wires wires = new Wires(Map.of(rig.a().name(), Wire.routed("w".repeat(40))));
          KernelRefused refused = refused(dataplane, rig.onlyAReachesB(WEB), wires, 2);
          assertThat(refused.request()).startsWith("add chain netdev ringfence guard_ww");
          assertEquals(List.of("pod/test/a"), refused.origin());
          dataplane.apply(rig.onlyAReachesB(PortSet.NONE), rig.wires(), 3);
          holdsWhatItSays(dataplane);
        });
  }

  /// A refusal without a place is searched for: halves of the change are tried, none of it is done.
  @Test
  void anElementThatTheKernelDoesNotPointAtIsFound() throws Exception {
    on(
        request -> request.adds("element") && request.holds(Bytes.of(BAD)) ? Errno.EINVAL : 0,
        (rig, kernel, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          Address[] many =
              IntStream.range(0, 10_000)
                  .mapToObj(i -> i == 4_321 ? BAD : Address.ofV4((11 << 24) + i))
                  .toArray(Address[]::new);
          NodePolicy bad = with(rig.onlyAReachesB(WEB), many);
          KernelRefused refused = refused(dataplane, bad, rig.wires(), 2);
          assertEquals(
              "add element 10.66.66.66 to set inet ringfence peers_as_4", refused.request());
          assertEquals(List.of("networkpolicy/test/b"), refused.origin());
          assertThat(kernel.refusals()).isBetween(3, 60);
          assertThat(refused.object().orElseThrow()).isInstanceOf(NftSet.class);

          dataplane.apply(with(rig.onlyAReachesB(WEB), Address.of("10.45.0.1")), rig.wires(), 3);
          holdsWhatItSays(dataplane);
        });
  }

  /// Somebody filled a set to its brim: that is put right, and the change is made.
  @Test
  void aSetThatOthersFilledIsMadeRoomIn() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          String foreign =
              IntStream.range(1, 64)
                  .mapToObj(i -> "10.99.0." + i)
                  .collect(Collectors.joining(", ", "{ ", " }"));
          rig.node().run("nft", "add", "element", "inet", "ringfence", "peers_as_4", foreign);
          dataplane.apply(with(rig.onlyAReachesB(WEB), Address.of("10.45.0.1")), rig.wires(), 2);
          holdsWhatItSays(dataplane);
          assertThat(rig.node().run("nft", "list", "set", "inet", "ringfence", "peers_as_4"))
              .contains("10.45.0.1")
              .doesNotContain("10.99.0");
        });
  }

  @Test
  void conflictingEditsOfOthersAreOvercome() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          NodePolicy more = with(rig.onlyAReachesB(WEB), Address.of("10.45.0.1"));
          dataplane.apply(more, rig.wires(), 1);
          rig.node()
              .run("nft", "delete", "element", "inet", "ringfence", "peers_as_4", "{ 10.45.0.1 }");
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 2);
          holdsWhatItSays(dataplane);

          // A chain of theirs holds on to a chain of ours that is to go.
          String group = group(dataplane);
          rig.node().run("nft", "add", "chain", "inet", "ringfence", "theirs");
          rig.node().run("nft", "add", "rule", "inet", "ringfence", "theirs", "jump", group);
          dataplane.apply(rig.free(), rig.wires(), 3);
          holdsWhatItSays(dataplane);
          assertFalse(rig.node().run("nft", "list", "ruleset").contains("theirs"));

          // A set and a chain of ours are gone, or something else under the same name.
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 4);
          rig.node().run("nft", "flush", "table", "inet", "ringfence");
          rig.node().run("nft", "delete", "set", "inet", "ringfence", "peers_as_4");
          rig.node()
              .run(
                  "nft",
                  "add set inet ringfence peers_as_4 { type ipv4_addr; flags timeout; timeout 1h; }");
          dataplane.apply(with(rig.onlyAReachesB(WEB), Address.of("10.45.0.1")), rig.wires(), 5);
          dataplane.repair();
          holdsWhatItSays(dataplane);
        });
  }

  private static String group(NftablesDataplane dataplane) {
    return dataplane.held().policy().chains().keySet().stream()
        .filter(name -> name.startsWith("ingress_in_4"))
        .findFirst()
        .orElseThrow();
  }

  /// A guard goes with its interface; another of the same name gets one again.
  @Test
  void aWireThatComesBackIsGuardedAgain() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          String wire = "ip link add rfx index %d type veth peer name rfy";
          Wires first = new Wires(Map.of(rig.a().name(), RefusalTest.wire(1001)));
          Wires second = new Wires(Map.of(rig.a().name(), RefusalTest.wire(1002)));
          assertThat(dataplane.apply(rig.onlyAReachesB(WEB), first, 1).unguarded()).isBetween(2, 3);
          rig.node().runAll(wire.formatted(1001));
          dataplane.repair();
          assertEquals(2, dataplane.apply(rig.free(), first, 2).unguarded());
          rig.node().runAll("ip link delete rfx");
          assertThat(dataplane.apply(rig.onlyAReachesB(WEB), first, 3).unguarded()).isBetween(2, 3);
          rig.node().runAll(wire.formatted(1002));
          // Some kernels take the chain away with the interface; this one is made to.
          rig.node()
              .runAll(
                  "nft add chain netdev ringfence guard_rfx\n"
                      + "nft delete chain netdev ringfence guard_rfx");
          assertEquals(2, dataplane.apply(rig.free(), second, 4).unguarded());
          assertThat(rig.node().run("nft", "list", "table", "netdev", "ringfence"))
              .contains("chain guard_rfx");
          holdsWhatItSays(dataplane);
        });
  }

  private static Wire wire(int index) {
    return new Wire("rfx", index, false, Optional.empty());
  }

  /// A repair that did not succeed is no reason to forget whose wires there are.
  @Test
  void aRefusedRepairKeepsTheGuards() throws Exception {
    int[] errno = {Errno.ENOENT};
    Bytes interfaceName = Bytes.of('r', 'f', 'x');
    on(
        request -> request.adds("chain") && request.holds(interfaceName) ? errno[0] : 0,
        (rig, _, dataplane) -> {
          rig.node().runAll("ip link add rfx type veth peer name rfy");
          Map<ObjectName, Wire> wires = new HashMap<>(rig.wires().byPod());
          wires.put(rig.a().name(), Wire.routed("rfx"));
          dataplane.apply(rig.onlyAReachesB(WEB), new Wires(wires), 1);
          assertThat(dataplane.guarded(new Wires(wires)).byPod().keySet())
              .containsExactlyInAnyOrder(rig.b().name(), rig.c().name());
          Set<String> guards = dataplane.held().guard().chains().keySet();
          assertThat(guards).isNotEmpty();
          errno[0] = Errno.EPERM;
          assertThrows(KernelRefused.class, dataplane::repair);
          errno[0] = 0;
          dataplane.repair();
          assertThat(dataplane.readBack().orElseThrow().guard().chains().keySet())
              .containsAll(guards)
              .contains("guard_rfx");
        });
  }

  /// A table that is switched off holds every rule, and no packet meets it.
  @Test
  void aTableThatIsSwitchedOffIsNotTakenForOurs() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          rig.node().run("nft", "add", "table", "inet", "ringfence", "{ flags dormant; }");
          assertThat(dataplane.readBack()).isEmpty();
          assertThat(dataplane.repair()).isPositive();
          holdsWhatItSays(dataplane);
          assertThat(rig.node().run("nft", "list", "tables")).doesNotContain("cover");
          assertThat(rig.node().run("nft", "list", "table", "inet", "ringfence"))
              .doesNotContain("dormant");
        });
  }

  /// An element may have a limit of its own, past which it matches nothing.
  @Test
  void anElementThatDoesMoreIsNotTakenForOurs() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, _, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          rig.node()
              .run(
                  "nft",
                  "add",
                  "set",
                  "inet",
                  "ringfence",
                  "theirs",
                  "{ type ipv4_addr; counter; }");
          rig.node().run("nft", "add", "element", "inet", "ringfence", "theirs", "{ 10.0.0.1 }");
          assertThat(dataplane.readBack()).isEmpty();
          assertThat(dataplane.repair()).isPositive();
          holdsWhatItSays(dataplane);
        });
  }

  /// Whichever answer is lost while a table is replaced, some table of ours stands at every step.
  @Test
  void aReplacementWhoseAnswersAreLostLeavesSomethingInForce() throws Exception {
    for (int lost : new int[] {1, 3, 8}) {
      for (int from = 0; from < 9; from++) {
        replaceLosing(from, lost);
      }
    }
  }

  private static void replaceLosing(int from, int lost) throws Exception {
    try (Rig rig = Rig.routed(2)) {
      rig.node()
          .inside(() -> {
            rig.node().run("nft", "add", "table", "inet", "ringfence");
            int[] batches = {0};
            OtherKernel[] kernel = {null};
            kernel[0] =
                new OtherKernel(request -> {
                  if (request.adds("table") && batches[0]++ == from) {
                    kernel[0].lose(lost);
                  }
                  return 0;
                });
            try (NftablesDataplane dataplane =
                NftablesDataplane.over(NetlinkSocket.over(kernel[0]), OPEN)) {
              applied(dataplane, rig, 1);
              kernel[0].lose(0);
              assertThat(rig.node().run("nft", "list", "tables"))
                  .as("lost %d from %d", lost, from)
                  .contains("inet ringfence");
              dataplane.apply(rig.onlyAReachesB(PortSet.ALL), rig.wires(), 2);
              dataplane.repair();
              holdsWhatItSays(dataplane);
              assertThat(rig.node().run("nft", "list", "tables")).doesNotContain("cover");
            } catch (KernelRefused atTheStart) {
              assertThat(rig.node().run("nft", "list", "tables")).contains("inet ringfence");
            }
            return null;
          });
    }
  }

  private static void applied(NftablesDataplane dataplane, Rig rig, long generation) {
    try {
      dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), generation);
    } catch (KernelRefused refused) {
      // Nobody knows what became of it.
    }
  }

  @Test
  void nothingIsReadBackWhileNobodyChangesATable() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, kernel, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          dataplane.apply(rig.onlyAReachesB(PortSet.ALL), rig.wires(), 2);
          int before = kernel.sendings();
          assertEquals(0, dataplane.repair());
          assertEquals(before + 1, kernel.sendings(), "one question");
          rig.node().run("nft", "add", "table", "inet", "other");
          assertEquals(0, dataplane.repair());
          assertThat(kernel.sendings()).isGreaterThan(before + 5);
          rig.node().run("nft", "flush", "chain", "inet", "ringfence", "forward");
          assertEquals(1, dataplane.repair());
        });
  }

  /// What the system had no room to send was not done.
  @Test
  void fullBuffersAreWaitedFor() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, kernel, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          for (int i = 1; i < 8; i++) {
            kernel.fill(i);
            dataplane.apply(with(rig.onlyAReachesB(WEB), Address.ofV4(i)), rig.wires(), 1 + i);
            holdsWhatItSays(dataplane);
            assertEquals(1 + i, dataplane.held().generation().orElseThrow());
          }
        });
  }

  /// Nobody knows what became of a transaction whose answer was lost: look, and once more.
  @Test
  void lostAnswersAreRecovered() throws Exception {
    on(
        RefusalTest::nothing,
        (rig, kernel, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          for (int i = 1; i < 8; i++) {
            kernel.lose(i);
            NodePolicy policy =
                with(rig.onlyAReachesB(i % 2 == 0 ? WEB : PortSet.ALL), Address.ofV4(i));
            dataplane.apply(policy, rig.wires(), 1 + i);
            kernel.lose(0);
            holdsWhatItSays(dataplane);
            assertEquals(1 + i, dataplane.held().generation().orElseThrow());
          }
        });
  }
}
