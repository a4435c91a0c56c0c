package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.proof.Proof;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What was accepted stays, whatever a change denies (S85), and nothing else does (S86).
///
/// `a` may reach `b`, until it may not.
class KeptConnectionsTest {
  private static final int TCP_PORT = 80;
  private static final int UDP_PORT = 53;
  private static final PortSet PORTS =
      PortSet.of(Protocol.TCP, PortRange.only(TCP_PORT))
          .union(PortSet.of(Protocol.UDP, PortRange.only(UDP_PORT)));
  private static final DataplaneOptions CUT = DataplaneOptions.STANDARD.withTableOwner(false);
  private static final DataplaneOptions KEEP = CUT.with(Established.Keep.STANDARD);

  private Rig rig;
  private final Map<Address, String> pods = new HashMap<>();
  private Owners owners = Owners.NOBODY;
  private long generation;

  @BeforeEach
  void start() {
    rig = Rig.routed(3);
    for (TestPod pod : List.of(rig.a(), rig.b(), rig.c())) {
      pods.put(pod.v4(), pod.name() + " one");
      pods.put(pod.v6(), pod.name() + " one");
    }
    pods.keySet().forEach(this::moved);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  /// As the engine numbers them; any number will do that is another for another.
  private void moved(Address address) {
    AddressSet all = AddressSet.EMPTY;
    Map<Address, Optional<Address>> moved = new HashMap<>(owners.moved());
    for (Map.Entry<Address, String> pod : pods.entrySet()) {
      all = all.with(number(pod.getKey(), pod.getValue()));
    }
    moved.put(address, Optional.ofNullable(pods.get(address)).map(pod -> number(address, pod)));
    owners = new Owners(all, moved);
  }

  private static Address number(Address address, String owner) {
    return Address.ofV6(address.hashCode(), owner.hashCode());
  }

  interface Body {
    void run(NftablesDataplane dataplane) throws Exception;
  }

  private void with(DataplaneOptions options, Body body) throws Exception {
    rig.node()
        .inside(() -> {
          try (NftablesDataplane dataplane = NftablesDataplane.open(options)) {
            body.run(dataplane);
          }
          return null;
        });
  }

  private void apply(NftablesDataplane dataplane, NodePolicy policy, DataplaneOptions options) {
    dataplane.apply(policy, rig.wires(), owners, ++generation);
    owners = owners.settled();
    NodeTable there = dataplane.readBack().orElseThrow();
    assertEquals(0, Comparison.count(dataplane.held(), there));
    var proof = Proof.of(there, policy, rig.wires(), options);
    assertTrue(proof.holds(), proof::toString);
  }

  /// Opened and used while the table is kept with these options.
  private Talk openedWith(DataplaneOptions options, Family family) throws Exception {
    Talk[] talk = new Talk[1];
    with(
        options,
        dataplane -> {
          apply(dataplane, rig.onlyAReachesB(PORTS), options);
          talk[0] = new Talk(family);
        });
    return talk[0];
  }

  private void allow(NftablesDataplane dataplane) {
    apply(dataplane, rig.onlyAReachesB(PORTS), KEEP);
  }

  private void deny(NftablesDataplane dataplane) {
    apply(dataplane, rig.onlyAReachesB(PortSet.NONE), KEEP);
  }

  /// A TCP connection and a UDP flow from `a` to `b`, both already used.
  private final class Talk implements AutoCloseable {
    final Address a;
    final Address b;
    final ServerSocket web;
    final DatagramSocket dns;
    final DatagramSocket resolver;
    final Socket client;
    final Socket server;

    Talk(Family family) throws Exception {
      a = rig.a().address(family);
      b = rig.b().address(family);
      web = rig.b().listen(TCP_PORT);
      dns = rig.b().udp(UDP_PORT);
      resolver = rig.a().udp(0);
      client = rig.a().connect(b, TCP_PORT);
      server = web.accept();
      goesOn();
    }

    void goesOn() throws IOException {
      tcpGoesOn();
      TestPod.send(resolver, b, UDP_PORT);
      assertTrue(TestPod.receives(dns), "udp there");
      TestPod.send(dns, a, resolver.getLocalPort());
      assertTrue(TestPod.receives(resolver), "udp back");
    }

    void tcpGoesOn() throws IOException {
      server.setSoTimeout(TestPod.PATIENCE);
      client.setSoTimeout(TestPod.PATIENCE);
      client.getOutputStream().write(1);
      assertEquals(1, server.getInputStream().read(), "tcp there");
      server.getOutputStream().write(2);
      assertEquals(2, client.getInputStream().read(), "tcp back");
    }

    void isCut() throws IOException {
      client.getOutputStream().write(1);
      server.setSoTimeout(TestPod.SHORT);
      assertThrows(IOException.class, () -> server.getInputStream().read());
      TestPod.send(resolver, b, UDP_PORT);
      assertTrue(TestPod.receivesNothing(dns), "udp");
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
      web.close();
      dns.close();
      resolver.close();
    }
  }

  private void nothingNew(Talk talk) throws Exception {
    assertTrue(rig.a().isKeptFrom(talk.b, TCP_PORT));
    assertTrue(rig.a().sendsInVain(talk.b, talk.dns));
  }

  private String marks() {
    return rig.node().run("conntrack", "-L", "-o", "id")
        + rig.node().run("conntrack", "-L", "-f", "ipv6", "-o", "id");
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAcceptedStaysAndNothingNewComes(Family family) throws Exception {
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          try (Talk talk = new Talk(family)) {
            deny(dataplane);
            talk.goesOn();
            nothingNew(talk);
            talk.goesOn();
            apply(dataplane, rig.egressOfA(List.of(), List.of()), KEEP);
            talk.goesOn();
            nothingNew(talk);
          }
        });
  }

  /// By nobody but the table: not before it was there, not while connections were cut.
  @Test
  void onlyWhatWasJudgedIsKept() throws Exception {
    try (Talk before = openedWith(CUT, Family.IPV4)) {
      with(
          KEEP,
          dataplane -> {
            deny(dataplane);
            before.isCut();
            allow(dataplane);
            before.tcpGoesOn();
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void marksOfAnEarlierTimeAreNotBelieved(Family family) throws Exception {
    try (Talk kept = openedWith(KEEP, family)) {
      assertThat(marks()).contains("mark=536870912");
      with(KEEP, dataplane -> deny(dataplane));
      kept.goesOn();
      with(CUT, dataplane -> apply(dataplane, rig.onlyAReachesB(PortSet.NONE), CUT));
      kept.isCut();
      assertThat(marks()).contains("mark=536870912");
      with(KEEP, dataplane -> deny(dataplane));
      kept.isCut();
      assertThat(marks()).doesNotContain("mark=536870912");
      with(
          KEEP,
          dataplane -> {
            allow(dataplane);
            kept.tcpGoesOn();
            deny(dataplane);
            kept.tcpGoesOn();
          });
    }
  }

  @Test
  void otherBitsOfTheMarkStay() throws Exception {
    rig.node()
        .runAll(
            """
            nft add table inet others
            nft add chain inet others pre { type filter hook prerouting priority 0 ; }
            nft add rule inet others pre ct mark set ct mark or 0x4081
            """);
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          try (Talk talk = new Talk(Family.IPV4)) {
            assertThat(marks()).contains("mark=" + (0x2000_0000 | 0x4081));
            pods.put(rig.b().v4(), "somebody else");
            moved(rig.b().v4());
            deny(dataplane);
            talk.isCut();
            settled(dataplane);
            assertThat(marks()).doesNotContain("mark=536").contains("mark=" + 0x4081);
          }
        });
  }

  @Test
  void aBitThatSomebodyElseSetsIsRefused() throws Exception {
    rig.node()
        .runAll(
            """
            nft add table inet others
            nft add chain inet others pre { type filter hook prerouting priority 0 ; }
            nft add rule inet others pre ct mark set 0x20000000
            """);
    with(
        KEEP,
        dataplane -> {
          try (Stream stream = new Stream(rig.a(), rig.b(), rig.b().v4(), 5300)) {
            stream.awaitMore(5);
            assertThrows(KernelRefused.class, () -> apply(dataplane, rig.free(), KEEP));
            var there = dataplane.readBack().orElseThrow();
            assertEquals(Established.CUT, NftablesDataplane.establishedIn(there));
          }
        });
  }

  private static void settled(NftablesDataplane dataplane) throws InterruptedException {
    Thread.sleep(1100);
    dataplane.settle();
    assertEquals(0, Memory.of(dataplane.readBack().orElseThrow().policy()).anew().size());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsKeptForAnotherOwnerOfTheAddress(Family family) throws Exception {
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          try (Talk talk = new Talk(family)) {
            deny(dataplane);
            talk.goesOn();
            pods.put(talk.b, "test/b two");
            moved(talk.b);
            deny(dataplane);
            talk.isCut();
            rig.node()
                .runAll("nft flush set inet ringfence anew_4\nnft flush set inet ringfence anew_6");
            assertEquals(1, dataplane.repair());
            talk.isCut();
            settled(dataplane);
            talk.isCut();
            deny(dataplane);
            talk.isCut();
          }
        });
  }

  /// An agent that dies in between leaves what the next has to do; what changed while there was
  /// none is noticed.
  @ParameterizedTest
  @EnumSource
  void aRestartRemembersOwners(Family family) throws Exception {
    Talk[] talk = new Talk[1];
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          talk[0] = new Talk(family);
          deny(dataplane);
        });
    try (Talk kept = talk[0]) {
      kept.goesOn();
      pods.keySet().forEach(this::moved); // as from scratch
      with(
          KEEP,
          dataplane -> {
            deny(dataplane);
            kept.goesOn();
          });
      pods.put(rig.a().address(family), "test/a two");
      pods.keySet().forEach(this::moved);
      with(
          KEEP,
          dataplane -> {
            deny(dataplane);
            kept.isCut();
          });
      kept.isCut();
      pods.keySet().forEach(this::moved);
      with(
          KEEP,
          dataplane -> {
            deny(dataplane);
            kept.isCut();
            settled(dataplane);
            kept.isCut();
          });
    }
  }

  /// Nobody knows what a table that cannot be read has marked, or for whom.
  @Test
  void aTableThatHasToBeReplacedBeginsAnew() throws Exception {
    Talk[] talk = new Talk[1];
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          talk[0] = new Talk(Family.IPV4);
          deny(dataplane);
          talk[0].goesOn();
        });
    try (Talk kept = talk[0]) {
      rig.node()
          .run(
              "nft",
              "add",
              "map",
              "inet",
              "ringfence",
              "odd",
              "{",
              "typeof",
              "ip",
              "saddr",
              ":",
              "ip",
              "saddr",
              ";",
              "}");
      rig.node().run("nft", "delete", "table", "netdev", "ringfence");
      with(
          KEEP,
          dataplane -> {
            deny(dataplane);
            kept.isCut();
            allow(dataplane);
            kept.goesOn();
            deny(dataplane);
            kept.goesOn();
          });
    }
  }

  /// What the new owner opened while its address was judged anew stays, once that is over.
  @Test
  void whatTheNewOwnerOpenedIsKept() throws Exception {
    with(
        KEEP,
        dataplane -> {
          allow(dataplane);
          pods.put(rig.b().v4(), "test/b two");
          moved(rig.b().v4());
          allow(dataplane);
          try (Talk talk = new Talk(Family.IPV4)) {
            settled(dataplane);
            deny(dataplane);
            talk.goesOn();
          }
        });
  }

  @Test
  void aConnectionToTheNodeIsKept() throws Exception {
    with(
        KEEP,
        dataplane -> {
          try (ServerSocket kubelet = rig.nodeAsPod().listen(10_250)) {
            apply(dataplane, rig.free(), KEEP);
            try (Socket client = rig.a().connect(Rig.NODE_4, 10_250);
                Socket server = kubelet.accept()) {
              apply(dataplane, rig.egressOfA(List.of(), List.of()), KEEP);
              client.getOutputStream().write(7);
              server.setSoTimeout(TestPod.PATIENCE);
              assertEquals(7, server.getInputStream().read());
              assertTrue(rig.a().isKeptFrom(Rig.NODE_4, 10_250));
            }
          }
        });
  }
}
