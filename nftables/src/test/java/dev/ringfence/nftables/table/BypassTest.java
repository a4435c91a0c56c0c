package dev.ringfence.nftables.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.Bytes;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ways around a policy: each passes where the rule against it is missing, and not where it is.
class BypassTest {
  private static final PortSet DNS = PortSet.of(Protocol.UDP, PortRange.only(53));
  private static final PortSet WEB = PortSet.of(Protocol.TCP, PortRange.only(80));
  private static final Bytes MARK = Bytes.ofText("ringfence-test", 14);

  /// Others may edit the table, so that a test can take a rule out.
  private static void with(Rig rig, NftablesDataplaneTest.Body body) throws Exception {
    NftablesDataplaneTest.with(rig, DataplaneOptions.STANDARD.withTableOwner(false), body);
  }

  /// Takes the rules out that look at what conntrack is not sure of.
  private static void trustConntrack(Rig rig) {
    rig.node().run("nft", "flush", "chain", "inet", "ringfence", "careful");
  }

  private static int etherType(Family family) {
    return family == Family.IPV4 ? 0x0800 : 0x86DD;
  }

  /// Sends an IP packet from one pod's wire towards another.
  private static void send(Rig rig, TestPod from, TestPod to, Bytes packet) throws Exception {
    int type = etherType(packet.at(0) >> 4 == 4 ? Family.IPV4 : Family.IPV6);
    from.forge(Forge.ethernet(rig.nextHop(from, to), from.hardware(), type, packet));
  }

  @ParameterizedTest
  @EnumSource
  void aBorrowedSourceAddress(Family family) throws Exception {
    with(
        Rig.routed(3),
        (rig, dataplane) -> {
          NodePolicy policy = rig.onlyAReachesB(DNS);
          Bytes lie =
              Forge.udp(
                  rig.a().address(family), rig.b().address(family), 5353, 53, "ringfence-test");
          dataplane.apply(policy, Wires.NONE, 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.c(), rig.b(), lie)));
          dataplane.apply(policy, rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.c(), rig.b(), lie)));
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), lie)));
        });
  }

  @Test
  void aNeighbourOverLinkLocalAddresses() throws Exception {
    with(
        Rig.bridged(2),
        (rig, dataplane) -> {
          NodePolicy policy = rig.onlyAReachesB(PortSet.NONE);
          Address a = Address.of("fe80::ff:fe00:0");
          Address b = Address.of("fe80::ff:fe00:1");
          Bytes local = Forge.udp(a, b, 5353, 53, "ringfence-test");
          Bytes mixed = Forge.udp(rig.a().v6(), b, 5353, 53, "ringfence-test");
          dataplane.apply(policy, Wires.NONE, 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), local)));
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), mixed)));
          dataplane.apply(policy, rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), local)));
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), mixed)));
        });
  }

  @Test
  void broadcastAndMulticastOnABridge() throws Exception {
    with(
        Rig.bridged(3),
        (rig, dataplane) -> {
          NodePolicy policy = rig.onlyAReachesB(PortSet.NONE);
          Bytes broadcast =
              Forge.udp(rig.a().v4(), Address.of("10.44.0.255"), 5353, 53, "ringfence-test");
          Bytes multicast =
              Forge.udp(rig.a().v6(), Address.of("ff02::1"), 5353, 53, "ringfence-test");
          dataplane.apply(policy, Wires.NONE, 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), broadcast)));
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), multicast)));
          dataplane.apply(policy, rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), broadcast)));
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), multicast)));
          assertTrue(rig.c().hears(MARK, () -> send(rig, rig.a(), rig.c(), broadcast)));
        });
  }

  @Test
  void theOwnNodeOverLinkLocalAddresses() throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          NodePolicy policy = rig.egressOfA(List.of(), List.of());
          Address gateway = Address.of("fe80::1");
          try (DatagramSocket kubelet = rig.nodeAsPod().udp(53)) {
            Bytes local = Forge.udp(Address.of("fe80::abc"), gateway, 5353, 53, "ringfence-test");
            Bytes own = Forge.udp(rig.a().v6(), gateway, 5353, 53, "ringfence-test");
            dataplane.apply(rig.free(), Wires.NONE, 1);
            send(rig, rig.a(), rig.b(), own);
            assertTrue(TestPod.receives(kubelet));
            dataplane.apply(policy, Wires.NONE, 2);
            send(rig, rig.a(), rig.b(), own);
            assertTrue(TestPod.receivesNothing(kubelet), "S98");
            send(rig, rig.a(), rig.b(), local);
            assertTrue(TestPod.receives(kubelet));
            dataplane.apply(policy, rig.wires(), 3);
            send(rig, rig.a(), rig.b(), local);
            assertTrue(TestPod.receivesNothing(kubelet));
          }
        });
  }

  /// IPVS takes what goes to a service out of the input hook, at priority 99, and puts it into the
  /// output hook with a pod as its destination. This kernel has no IPVS; another chain stands for
  /// it.
  @Test
  void whatIpvsWouldTakeIsNotJudgedBefore() throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          atIpvsPriority(rig, "earlier");
          dataplane.apply(rig.egressOfA(List.of(), List.of()), rig.wires(), 1);
          atIpvsPriority(rig, "later");
          try (DatagramSocket kubelet = rig.nodeAsPod().udp(53)) {
            assertTrue(rig.a().sendsInVain(Rig.NODE_4, kubelet));
          }
          for (String table : List.of("earlier", "later")) {
            assertTrue(
                rig.node().run("nft", "list", "table", "inet", table).contains("packets 1 "),
                table);
          }
        });
  }

  private static void atIpvsPriority(Rig rig, String table) {
    rig.node()
        .feed(
            "table inet %s { chain in { type filter hook input priority 99; udp dport 53 counter; }\n}\n"
                .formatted(table),
            "nft",
            "-f",
            "-");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheNodeSendsForAPodIsJudged(Family family) throws Exception {
    with(
        Rig.routed(3),
        (rig, dataplane) -> {
          Address b = rig.b().address(family);
          Bytes fromA = Forge.udp(rig.a().address(family), b, 5353, 53, "ringfence-test");
          Bytes fromC = Forge.udp(rig.c().address(family), b, 5353, 53, "ringfence-test");
          dataplane.apply(rig.onlyAReachesB(DNS), rig.wires(), 1);
          assertTrue(rig.b().hears(MARK, () -> sendAsNode(rig, fromA, b)));
          assertTrue(rig.b().hearsNothingOf(MARK, () -> sendAsNode(rig, fromC, b)));
          dataplane.apply(rig.egressOfA(List.of(), List.of()), rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> sendAsNode(rig, fromA, b)));
        });
  }

  /// A packet with any source, out of the node itself; who is told of a drop hears nothing either.
  private static void sendAsNode(Rig rig, Bytes packet, Address to) throws Exception {
    rig.node()
        .inside(() -> {
          int domain = to.family() == Family.IPV4 ? Linux.AF_INET : Linux.AF_INET6;
          try (Descriptor socket = Libc.socket(domain, Linux.SOCK_RAW, Linux.IPPROTO_RAW)) {
            return Libc.sendTo(socket, packet.toArray(), 0, SockAddr.of(to, 0));
          } catch (SystemCallException dropped) {
            assertEquals(Errno.EPERM, dropped.errno());
            return 0;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void theServerWritesFirstAfterConntrackForgot(Family family) throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          for (boolean careful : new boolean[] {false, true}) {
            dataplane.apply(rig.free(), rig.wires(), 1);
            try (ServerSocket web = rig.b().listen(80);
                Socket client = rig.a().connect(rig.b().address(family), 80);
                Socket server = web.accept()) {
              assertTrue(client.isConnected());
              dataplane.apply(rig.onlyAReachesB(DNS), rig.wires(), 2);
              if (!careful) {
                trustConntrack(rig);
              }
              rig.node().run("conntrack", "-F");
              TestPod.Body write = () -> server.getOutputStream().write(MARK.toArray());
              if (careful) {
                assertTrue(rig.a().hearsNothingOf(MARK, write));
              } else {
                assertTrue(rig.a().hears(MARK, write));
              }
            }
            dataplane.repair();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void anErrorOfAConnectionThatIsNowDenied(Family family) throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          Address a = rig.a().address(family);
          Address b = rig.b().address(family);
          Bytes question = Forge.udp(a, b, 5353, 53, "ringfence-test");
          Bytes error = Forge.portUnreachable(b, a, question);
          dataplane.apply(rig.onlyAReachesB(DNS), rig.wires(), 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), question)));
          assertTrue(rig.a().hears(MARK, () -> send(rig, rig.b(), rig.a(), error)), "S74");
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 2);
          assertTrue(rig.a().hearsNothingOf(MARK, () -> send(rig, rig.b(), rig.a(), error)));
          rig.node()
              .run(
                  "nft",
                  "insert",
                  "rule",
                  "inet",
                  "ringfence",
                  "forward",
                  "ct",
                  "state",
                  "related",
                  "accept");
          assertTrue(rig.a().hears(MARK, () -> send(rig, rig.b(), rig.a(), error)));
        });
  }

  @ParameterizedTest
  @EnumSource
  void untrackedPacketsAreJudgedByTheirHeaderBothWays(Family family) throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          rig.node().run("nft", "add", "table", "inet", "raw");
          rig.node()
              .run(
                  "nft",
                  "add",
                  "chain",
                  "inet",
                  "raw",
                  "pre",
                  "{ type filter hook prerouting priority raw; }");
          rig.node()
              .run("nft", "add", "rule", "inet", "raw", "pre", "udp", "dport", "50-60", "notrack");
          rig.node()
              .run("nft", "add", "rule", "inet", "raw", "pre", "udp", "sport", "50-60", "notrack");
          Address a = rig.a().address(family);
          Address b = rig.b().address(family);
          Bytes allowed = Forge.udp(a, b, 5353, 53, "ringfence-test");
          Bytes denied = Forge.udp(a, b, 5353, 54, "ringfence-test");
          Bytes answer = Forge.udp(b, a, 53, 5353, "ringfence-test");
          Bytes leak = Forge.udp(b, a, 54, 5353, "ringfence-test");
          dataplane.apply(rig.onlyAReachesB(DNS), rig.wires(), 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), allowed)));
          assertTrue(rig.a().hears(MARK, () -> send(rig, rig.b(), rig.a(), answer)));
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), denied)));
          assertTrue(rig.a().hearsNothingOf(MARK, () -> send(rig, rig.b(), rig.a(), leak)));
          trustConntrack(rig);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), denied)));
          assertTrue(rig.a().hears(MARK, () -> send(rig, rig.b(), rig.a(), leak)));
        });
  }

  @ParameterizedTest
  @EnumSource
  void invalidPacketsDoNotTouchAnIsolatedPod(Family family) throws Exception {
    with(
        Rig.routed(3),
        (rig, dataplane) -> {
          Address a = rig.a().address(family);
          Address b = rig.b().address(family);
          Bytes odd = Forge.tcp(a, b, 4321, 80, Forge.TCP_SYN_ACK);
          Bytes ports = Bytes.ofShort(4321).then(Bytes.ofShort(80));
          dataplane.apply(rig.onlyAReachesB(PortSet.ALL), rig.wires(), 1);
          assertTrue(rig.b().hearsNothingOf(ports, () -> send(rig, rig.a(), rig.b(), odd)));
          Bytes other = Forge.tcp(a, rig.c().address(family), 4321, 80, Forge.TCP_SYN_ACK);
          assertTrue(rig.c().hears(ports, () -> send(rig, rig.a(), rig.c(), other)));
          trustConntrack(rig);
          assertTrue(rig.b().hears(ports, () -> send(rig, rig.a(), rig.b(), odd)));
        });
  }

  @Test
  void neighbourDiscoveryIsNoTunnel() throws Exception {
    with(
        Rig.routed(2),
        (rig, dataplane) -> {
          Bytes text = Bytes.ofText("ringfence-test", 20);
          Bytes solicitation =
              Forge.icmpv6(
                  rig.a().v6(), rig.b().v6(), 255, 135, 0, Bytes.of(0, 0, 0, 0).then(text));
          Bytes report =
              Forge.icmpv6(rig.a().v6(), rig.b().v6(), 2, 131, 0, Bytes.of(0, 0, 0, 0).then(text));
          dataplane.apply(rig.free(), rig.wires(), 1);
          assertTrue(rig.b().hears(MARK, () -> send(rig, rig.a(), rig.b(), solicitation)));
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), solicitation)));
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), report)));
        });
  }

  @Test
  void nobodyAnswersForAnother() throws Exception {
    with(
        Rig.bridged(3),
        (rig, dataplane) -> {
          Bytes arp = Forge.arpReply(rig.a().hardware(), rig.c().v4(), rig.b().v4());
          Bytes claim4 = rig.a().hardware().then(Bytes.copyOf(rig.c().v4().bytes()));
          Bytes advertisement =
              Forge.advertisement(rig.a().v6(), rig.b().v6(), rig.c().v6(), rig.a().hardware());
          Bytes claim6 = Bytes.copyOf(rig.c().v6().bytes()).then(Bytes.of(2, 1));
          Bytes own =
              Forge.advertisement(rig.a().v6(), rig.b().v6(), rig.a().v6(), rig.a().hardware());
          Bytes ownClaim = Bytes.copyOf(rig.a().v6().bytes()).then(Bytes.of(2, 1));
          dataplane.apply(rig.free(), Wires.NONE, 1);
          assertTrue(rig.b().hears(claim4, () -> rig.a().forge(arp)));
          assertTrue(rig.b().hears(claim6, () -> send(rig, rig.a(), rig.b(), advertisement)));
          dataplane.apply(rig.free(), rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(claim4, () -> rig.a().forge(arp)));
          assertTrue(
              rig.b().hearsNothingOf(claim6, () -> send(rig, rig.a(), rig.b(), advertisement)));
          assertTrue(rig.b().hears(ownClaim, () -> send(rig, rig.a(), rig.b(), own)));
        });
  }

  @Test
  void aTaggedFrameDoesNotSlipPastTheBridge() throws Exception {
    with(
        Rig.bridged(2),
        (rig, dataplane) -> {
          NodePolicy policy = rig.onlyAReachesB(PortSet.NONE);
          Bytes packet = Forge.udp(rig.a().v4(), rig.b().v4(), 5353, 53, "ringfence-test");
          Bytes tagged =
              Forge.ethernet(
                  rig.b().hardware(),
                  rig.a().hardware(),
                  0x8100,
                  Bytes.ofShort(5).then(Bytes.ofShort(0x0800)).then(packet));
          dataplane.apply(policy, Wires.NONE, 1);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> send(rig, rig.a(), rig.b(), packet)));
          assertTrue(rig.b().hears(MARK, () -> rig.a().forge(tagged)));
          dataplane.apply(policy, rig.wires(), 2);
          assertTrue(rig.b().hearsNothingOf(MARK, () -> rig.a().forge(tagged)));
        });
  }

  @Test
  void guardedPodsStillGetTheirAddressesAndNeighbours() throws Exception {
    with(
        Rig.bridged(2),
        (rig, dataplane) -> {
          dataplane.apply(
              rig.ingressOfB(List.of(new Admission("as", DNS)), List.of()), rig.wires(), 1);
          rig.a().namespace().run("ip", "neighbour", "flush", "all");
          rig.b().namespace().run("ip", "neighbour", "flush", "all");
          try (DatagramSocket dns = rig.b().udp(53)) {
            assertTrue(rig.a().sends(rig.b().v4(), dns));
            assertTrue(rig.a().sends(rig.b().v6(), dns));
          }
          try (DatagramSocket dhcp = rig.nodeAsPod().udp(67)) {
            Bytes discover =
                Forge.udp(Address.of("0.0.0.0"), Address.of("255.255.255.255"), 68, 67, "discover");
            rig.a()
                .forge(
                    Forge.ethernet(
                        Bytes.of(255, 255, 255, 255, 255, 255),
                        rig.a().hardware(),
                        0x0800,
                        discover));
            assertTrue(TestPod.receives(dhcp));
          }
        });
  }
}
