package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.OwnedTables;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NftablesDataplaneTest {
  private static final DataplaneOptions OPTIONS = DataplaneOptions.STANDARD;
  private static final PortSet WEB = PortSet.of(Protocol.TCP, PortRange.only(80));
  private static final PortSet DNS = PortSet.of(Protocol.UDP, PortRange.only(53));

  interface Body {
    void run(Rig rig, NftablesDataplane dataplane) throws Exception;
  }

  static void with(Rig made, DataplaneOptions options, Body body) throws Exception {
    try (Rig rig = made) {
      rig.node()
          .inside(() -> {
            try (NftablesDataplane dataplane = NftablesDataplane.open(options)) {
              body.run(rig, dataplane);
            }
            return null;
          });
    }
  }

  private static Rig rig(boolean bridged) {
    return bridged ? Rig.bridged(3) : Rig.routed(3);
  }

  @ParameterizedTest(name = "bridged {0}")
  @ValueSource(booleans = {false, true})
  void onlyTheAdmittedPeerReachesTheAdmittedPort(boolean bridged) throws Exception {
    with(
        rig(bridged),
        OPTIONS,
        (rig, dataplane) -> {
          try (ServerSocket web = rig.b().listen(80);
              ServerSocket other = rig.b().listen(81);
              ServerSocket back = rig.a().listen(80);
              DatagramSocket dns = rig.b().udp(53);
              DatagramSocket udp = rig.b().udp(54)) {
            for (Family family : Family.values()) {
              var b = rig.b().address(family);
              dataplane.apply(rig.free(), rig.wires(), 1);
              assertTrue(rig.a().reaches(b, web.getLocalPort()));
              assertTrue(rig.a().reaches(b, other.getLocalPort()));
              assertTrue(rig.a().sends(b, udp));
              assertTrue(rig.a().pings(b));

              dataplane.apply(rig.onlyAReachesB(WEB.union(DNS)), rig.wires(), 2);
              assertTrue(rig.a().reaches(b, 80));
              assertTrue(rig.a().isKeptFrom(b, 81));
              assertTrue(rig.a().sends(b, dns));
              assertTrue(rig.a().sendsInVain(b, udp));
              assertTrue(rig.a().pingsInVain(b), "S72: not without an open-ended rule");
              assertTrue(rig.c().isKeptFrom(b, 80));
              assertTrue(rig.b().reaches(rig.a().address(family), back.getLocalPort()));
              assertTrue(rig.nodeAsPod().reaches(b, 81), "S95: its own node always may");

              dataplane.apply(rig.onlyAReachesB(PortSet.ALL), rig.wires(), 3);
              assertTrue(rig.a().pings(b));
              assertTrue(rig.c().pingsInVain(b));
            }
            assertThat(dataplane.denied())
                .anyMatch(one -> one.name().equals("denied_ingress") && one.packets() > 4);
          }
        });
  }

  @Test
  void egressIsJudgedTowardsPodsNodeAndOutside() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          try (ServerSocket web = rig.b().listen(80);
              ServerSocket kubelet = rig.nodeAsPod().listen(10_250);
              ServerSocket own = rig.a().listen(8080)) {
            assertTrue(web.isBound() && kubelet.isBound() && own.isBound());
            for (Family family : Family.values()) {
              var b = rig.b().address(family);
              var node = rig.nodeAsPod().address(family);
              dataplane.apply(
                  rig.egressOfA(List.of(new Admission("bs", WEB)), List.of()), rig.wires(), 1);
              assertTrue(rig.a().reaches(b, 80));
              assertTrue(rig.a().isKeptFrom(b, 81));
              assertTrue(rig.a().isKeptFrom(node, 10_250), "S98");
              assertTrue(rig.b().reaches(node, 10_250));
              assertTrue(rig.nodeAsPod().reaches(rig.a().address(family), 8080), "S99");

              Span nodeOnly =
                  new Span(
                      List.of(new AddressRange(node, node)),
                      PortSet.of(Protocol.TCP, new PortRange(10_000, 11_000)));
              dataplane.apply(rig.egressOfA(List.of(), List.of(nodeOnly)), rig.wires(), 2);
              assertTrue(rig.a().reaches(node, 10_250));
              assertTrue(rig.a().isKeptFrom(b, 80));
            }
          }
        });
  }

  @Test
  void manyRangesAndPortsAreLookedUpInIntervals() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          try (ServerSocket web = rig.b().listen(8080);
              ServerSocket last = rig.b().listen(65_535)) {
            assertTrue(web.isBound() && last.isBound());
            List<AddressRange> ranges = new ArrayList<>();
            for (String cidr :
                List.of("10.0.0.0/14", "10.44.0.10/32", "10.60.0.0/16", "255.0.0.0/8")) {
              ranges.add(Cidr.of(cidr).range());
            }
            PortSet ports =
                PortSet.of(
                    Protocol.TCP,
                    PortRange.only(80),
                    new PortRange(8080, 8090),
                    PortRange.only(9000),
                    new PortRange(65_000, 65_535));
            dataplane.apply(
                rig.ingressOfB(List.of(), List.of(new Span(ranges, ports))), rig.wires(), 1);
            assertThat(rig.node().run("nft", "list", "ruleset").replaceAll("\\s+", " "))
                .contains("elements = { 80, 8080-8090, 9000, 65000-65535 }")
                .contains("elements = { 10.0.0.0/14, 10.44.0.10, 10.60.0.0/16, 255.0.0.0/8 }");
            assertTrue(rig.a().reaches(rig.b().v4(), 8080));
            assertTrue(rig.a().reaches(rig.b().v4(), 65_535));
            assertTrue(rig.a().isKeptFrom(rig.b().v4(), 8079));
            assertTrue(rig.a().isKeptFrom(rig.b().v6(), 8080));
          }
        });
  }

  @Test
  void aChangeCutsRunningConnectionsAndGivesThemBack() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB.union(DNS)), rig.wires(), 1);
          try (ServerSocket web = rig.b().listen(80);
              DatagramSocket dns = rig.b().udp(53);
              DatagramSocket resolver = rig.a().udp(5353);
              Socket client = rig.a().connect(rig.b().v4(), 80);
              Socket server = web.accept()) {
            server.setSoTimeout(TestPod.PATIENCE);
            client.getOutputStream().write(1);
            assertEquals(1, server.getInputStream().read());
            TestPod.send(resolver, rig.b().v4(), 53);
            assertTrue(TestPod.receives(dns));

            dataplane.apply(rig.onlyAReachesB(PortSet.NONE), rig.wires(), 2);
            client.getOutputStream().write(2);
            server.setSoTimeout(TestPod.SHORT);
            assertThrows(IOException.class, () -> server.getInputStream().read());
            TestPod.send(resolver, rig.b().v4(), 53);
            assertTrue(TestPod.receivesNothing(dns));

            dataplane.apply(rig.onlyAReachesB(WEB.union(DNS)), rig.wires(), 3);
            server.setSoTimeout(10_000);
            assertEquals(2, server.getInputStream().read());
            server.getOutputStream().write(3);
            assertEquals(3, client.getInputStream().read());
            TestPod.send(resolver, rig.b().v4(), 53);
            assertTrue(TestPod.receives(dns));
          }
        });
  }

  @Test
  void oneMoreMemberIsOneElement() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          var policy = rig.onlyAReachesB(WEB);
          var sets = new HashMap<>(policy.sets());
          var members = new HashSet<>(Set.of(rig.a().v4(), rig.a().v6()));
          members.add(Address.of("10.45.0.1"));
          sets.put("as", new PeerSet("as", "pod=a", members));
          Applied applied =
              dataplane.apply(
                  new NodePolicy(policy.node(), policy.pods(), policy.groups(), sets),
                  rig.wires(),
                  2);
          assertEquals(1, applied.elementsAdded());
          assertEquals(0, applied.elementsDeleted());
          assertEquals(0, applied.unguarded());

          // Beyond its room the set moves, and its rules with it.
          IntStream.range(0, 5000).forEach(i -> members.add(Address.ofV4(0x0A32_0000 + i)));
          sets.put("as", new PeerSet("as", "pod=a", members));
          dataplane.apply(
              new NodePolicy(policy.node(), policy.pods(), policy.groups(), sets), rig.wires(), 3);
          assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
          try (ServerSocket _ = rig.b().listen(80)) {
            assertTrue(rig.a().reaches(rig.b().v4(), 80));
          }
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 4);
          assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
        });
  }

  @Test
  void anOwnedTableCannotBeEditedByOthers() throws Exception {
    assumeTrue(OwnedTables.areTaken(), "needs tables that outlive their owner");
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          assertTrue(dataplane.owned());
          assertFalse(
              rig.nodeAsPod().tries("nft", "flush", "chain", "inet", "ringfence", "forward"));
          rig.node().run("nft", "flush", "ruleset");
          assertEquals(0, dataplane.repair());
        });
  }

  @Test
  void foreignEditsAreFoundAndRepaired() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS.withTableOwner(false),
        (rig, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          assertFalse(dataplane.owned());
          assertEquals(0, dataplane.repair());
          rig.node()
              .run("nft", "delete", "element", "inet", "ringfence", "peers_as_4", "{ 10.44.0.10 }");
          rig.node().run("nft", "insert", "rule", "inet", "ringfence", "forward", "accept");
          rig.node().run("nft", "add", "chain", "inet", "ringfence", "mine");
          assertEquals(3, dataplane.repair());
          assertEquals(0, dataplane.repair());
          rig.node().run("nft", "delete", "table", "inet", "ringfence");
          assertThat(dataplane.repair()).isPositive();
          assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
          try (ServerSocket _ = rig.b().listen(80)) {
            assertTrue(rig.a().reaches(rig.b().v4(), 80));
            assertTrue(rig.a().isKeptFrom(rig.b().v4(), 81));
          }
        });
  }

  @Test
  void aForeignLayoutIsReplacedWithoutAGap() throws Exception {
    with(
        Rig.routed(2),
        OPTIONS,
        (rig, dataplane) -> {
          rig.node().run("nft", "add", "table", "inet", "ringfence");
          try (NftablesDataplane second = NftablesDataplane.open(OPTIONS)) {
            second.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
            assertEquals(OwnedTables.areTaken(), second.owned());
            assertEquals(0, Comparison.count(second.held(), second.readBack().orElseThrow()));
          }
          assertEquals(0, dataplane.repair());
        });
  }

  @Test
  void aVanishedWireLeavesItsPodUnguardedAndThePolicyInForce() throws Exception {
    with(
        Rig.routed(3),
        OPTIONS,
        (rig, dataplane) -> {
          Applied first = dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          assertEquals(0, first.unguarded());
          rig.node().run("ip", "link", "delete", Rig.wire(2));
          Applied second = dataplane.apply(rig.onlyAReachesB(DNS), rig.wires(), 2);
          Applied third = dataplane.apply(rig.onlyAReachesB(WEB), Wires.NONE, 3);
          assertEquals(3, third.unguarded());
          assertThat(second.unguarded()).isBetween(0, 1);
        });
  }

  /// An ICMPv6 error that comes while `connect` still holds the socket counts from the next SYN on.
  @Test
  void rejectedPacketsAreAnswered() throws Exception {
    var rejecting = new DataplaneOptions(true, DataplaneOptions.Denial.REJECT, false, 5242);
    with(
        Rig.routed(2),
        rejecting,
        (rig, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          for (Family family : Family.values()) {
            IOException answer =
                assertThrows(
                    IOException.class, () -> rig.a().connect(rig.b().address(family), 81, 5000));
            assertThat(answer).isNotInstanceOf(SocketTimeoutException.class);
          }
          assertThat(rig.node().run("nft", "list", "table", "netdev", "ringfence"))
              .contains("\t\tip saddr 10.44.0.10 accept")
              .contains("\t\tarp saddr ip 10.44.0.10 accept")
              .contains("ip6 saddr fe80::/10 icmpv6 type 133-137 ip6 hoplimit 255 accept");
        });
  }
}
