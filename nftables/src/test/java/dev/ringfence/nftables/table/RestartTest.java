package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.OwnedTables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An agent starts on what an earlier one, or somebody else, left in our tables, while packets
/// flow: no permitted one is lost, and no denied one passes where it was denied before.
class RestartTest {
  private static final int PORT = 5300;
  private static final int LIVES = 3;

  /// So many packets are sent before and after a start.
  private static final int SOME = 25;

  /// Ports and addresses that are looked up in intervals, which the kernel fills late.
  private static final PortSet PORTS =
      PortSet.of(
          Protocol.UDP, new PortRange(5000, 5100), new PortRange(5300, 5400), PortRange.only(6000));

  /// What is found at the start.
  enum Left {
    OUR_OWN(true),
    AN_OLDER_LAYOUT(true),
    SOMETHING_ELSE(true),
    NO_GUARD(true),
    NO_PEERS(false),
    NO_GROUPS(false),
    FOREIGN_PARTS(true),
    UNREADABLE_PARTS(true);

    /// Whether what is to be denied is denied by what is found.
    private final boolean denies;

    Left(boolean denies) {
      this.denies = denies;
    }
  }

  private static NodePolicy policy(Rig rig) {
    List<AddressRange> ranges = new ArrayList<>();
    for (String cidr : List.of("172.16.0.0/14", "172.24.0.0/16", "198.18.0.0/15", "240.0.0.0/8")) {
      ranges.add(Cidr.of(cidr).range());
    }
    return rig.ingressOfB(
        List.of(new Admission("as", PORTS)), List.of(new Span(ranges, PortSet.ALL)));
  }

  @ParameterizedTest
  @EnumSource(Left.class)
  void noPacketNoticesAStart(Left left) throws Exception {
    try (Rig rig = Rig.routed(3)) {
      rig.node()
          .inside(() -> {
            try (NftablesDataplane first = NftablesDataplane.open(DataplaneOptions.STANDARD)) {
              first.apply(policy(rig), rig.wires(), 1);
            }
            for (int life = 2; life < 2 + LIVES; life++) {
              leave(left, rig);
              startUnderTraffic(left, rig, life);
            }
            return null;
          });
    }
  }

  private static void startUnderTraffic(Left left, Rig rig, int life) throws Exception {
    Stream allowed = new Stream(rig.a(), rig.b(), rig.b().v4(), PORT);
    Stream denied = new Stream(rig.c(), rig.b(), rig.b().v4(), PORT + 10);
    int allowedBefore;
    int deniedBefore;
    try (allowed;
        denied) {
      if (left != Left.NO_PEERS) {
        allowed.awaitMore(SOME);
        denied.awaitMore(SOME);
      }
      try (NftablesDataplane next = NftablesDataplane.open(DataplaneOptions.STANDARD)) {
        next.apply(policy(rig), rig.wires(), life);
        allowedBefore = allowed.sent();
        deniedBefore = denied.sent();
        allowed.awaitMore(SOME);
        denied.awaitMore(SOME);
        assertEquals(0, Comparison.count(next.held(), next.readBack().orElseThrow()));
        assertEquals(life, next.readBack().orElseThrow().generation().orElseThrow());
        assertEquals(OwnedTables.areTaken(), next.owned());
      }
    }
    assertThat(rig.node().run("nft", "list", "tables")).doesNotContain("cover");
    if (left != Left.NO_PEERS) {
      assertEquals(allowed.sent(), allowed.arrived(), "permitted packets");
    }
    if (left.denies) {
      assertEquals(0, denied.arrived(), "denied packets");
    }
    assertEquals(0, denied.arrivedFrom(deniedBefore), "denied packets, once it has started");
    assertEquals(
        allowed.sent() - allowedBefore,
        allowed.arrivedFrom(allowedBefore),
        "permitted packets, once it has started");
  }

  private static void leave(Left left, Rig rig) {
    switch (left) {
      case OUR_OWN -> {}
      case AN_OLDER_LAYOUT -> rewrite("ringfence layout 0");
      case SOMETHING_ELSE ->
          nft(
              rig,
              "delete table inet ringfence",
              "delete table netdev ringfence",
              "add table inet ringfence",
              "add chain inet ringfence forward { type filter hook forward priority 0; }",
              "add rule inet ringfence forward ip saddr " + rig.c().v4() + " drop");
      case NO_GUARD -> nft(rig, "delete table netdev ringfence");
      case NO_PEERS -> nft(rig, "flush set inet ringfence peers_as_4");
      case NO_GROUPS -> {
        nft(rig, "flush map inet ringfence ingress_local_4");
        nft(rig, "flush chain inet ringfence ingress_in_4");
        nft(rig, "delete chain inet ringfence ingress_in_4");
      }
      case FOREIGN_PARTS ->
          nft(
              rig,
              "add chain inet ringfence theirs",
              "add set inet ringfence mine { type ipv4_addr; flags timeout; timeout 1h; }",
              "add rule inet ringfence theirs tcp dport { 80, 443 } counter accept",
              "add rule inet ringfence theirs ip saddr @mine jump ingress_in_4",
              "add counter inet ringfence extra",
              "insert rule inet ringfence forward tcp dport { 22, 23 } jump theirs",
              "add element inet ringfence peers_as_4 { 10.77.0.1 }");
      case UNREADABLE_PARTS ->
          nft(
              rig,
              "add chain inet ringfence early"
                  + " { type filter hook ingress device lo priority 0; }",
              "add set inet ringfence wide { type ipv4_addr . inet_service; flags interval; }",
              "add map inet ringfence words { type ipv4_addr : verdict; }",
              "add rule inet ringfence early ip saddr vmap @words");
    }
  }

  private static void nft(Rig rig, String... lines) {
    for (String line : lines) {
      rig.node().run("nft", line);
    }
  }

  /// The same tables, but of another layout by their own account.
  private static void rewrite(String layout) {
    try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
      NodeTable there = new KernelTables(socket).read().ours().orElseThrow();
      Batch batch = new Batch();
      for (TableContent content : List.of(there.policy(), there.guard())) {
        NftTable old = NftTable.plain(content.table().name(), layout);
        batch.deleteTable(old.name());
        batch.add(old);
        Difference.write(
            batch,
            TableContent.empty(old),
            new TableContent(old, content.chains(), content.sets(), content.counters()));
      }
      socket.transact(batch);
    }
  }
}
