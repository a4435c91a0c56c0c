package dev.ringfence.nftables.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.table.LocalWires;
import dev.ringfence.nftables.table.Wires;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteWatchTest {
  private static final Address POD = Address.of("10.44.1.10");
  private static final Wire FIRST = new Wire("rfw1", 101, false, Optional.empty());
  private static final Wire SECOND = new Wire("rfw2", 102, false, Optional.empty());

  private interface Body {
    void run(ScratchNamespace node) throws Exception;
  }

  private static void inNamespace(Body body) throws Exception {
    try (var node = ScratchNamespace.create()) {
      node.inside(() -> {
        body.run(node);
        return null;
      });
    }
  }

  @Test
  void whatComesAndGoesIsHeard() throws Exception {
    inNamespace(node -> {
      try (RouteWatch watch = RouteWatch.open()) {
        assertFalse(watch.hear());
        node.runAll(
            """
            ip link add rfw1 index 101 type veth peer name rfp1
            ip link set rfw1 up
            ip route add 10.44.1.10 dev rfw1
            """);
        assertTrue(watch.hear());
        assertFalse(watch.hear());
        assertEquals(Optional.of(FIRST), watch.wires().of(POD));
        node.runAll(
            """
            ip link add rfw2 index 102 type veth peer name rfp2
            ip link set rfw2 up
            ip route replace 10.44.1.10 dev rfw2
            """);
        assertTrue(watch.hear());
        assertEquals(Optional.of(SECOND), watch.wires().of(POD));
        node.run("ip", "link", "set", "rfw2", "down");
        assertTrue(watch.hear());
        assertEquals(Optional.empty(), watch.wires().of(POD), "its routes went with it, untold");
        node.runAll("ip link set rfw2 up\nip route add 10.44.1.10 dev rfw2");
        node.run("ip", "link", "delete", "rfw2");
        watch.hear();
        assertEquals(Optional.empty(), watch.wires().of(POD));
        assertFalse(watch.wires().isThere(SECOND));
      }
    });
  }

  @Test
  void bridgesAndNeighboursAreHeard() throws Exception {
    inNamespace(node -> {
      try (RouteWatch watch = RouteWatch.open()) {
        node.runAll(
            """
            ip link add br0 type bridge
            ip address add 10.44.1.1/24 dev br0
            ip link add rfw1 index 101 type veth peer name rfp1
            ip link set rfw1 master br0
            ip link set rfw1 up
            ip link set rfp1 up
            ip link set br0 up
            ip neighbour replace 10.44.1.10 lladdr 02:00:00:00:00:10 dev br0
            bridge fdb replace 02:00:00:00:00:10 dev rfw1 master static
            """);
        assertTrue(watch.hear());
        Wire wire = new Wire("rfw1", 101, true, Optional.of(Bytes.of(2, 0, 0, 0, 0, 0x10)));
        assertEquals(Optional.of(wire), watch.wires().of(POD));
        node.run("bridge", "fdb", "delete", "02:00:00:00:00:10", "dev", "rfw1", "master");
        assertTrue(watch.hear());
        assertEquals(Optional.empty(), watch.wires().of(POD));
        assertTrue(watch.wires().isThere(wire));
        node.run("ip", "link", "set", "rfw1", "nomaster");
        assertTrue(watch.hear());
        assertFalse(watch.wires().isThere(wire), "no longer on the bridge");
        assertTrue(watch.wires().isThere(FIRST));
      }
    });
  }

  /// Whatever happens in whatever order: what was heard is what a look shows.
  @Tag("soak")
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void hearingIsAsGoodAsLooking(long seed) throws Exception {
    inNamespace(node -> {
      node.runAll("ip link add br0 type bridge\nip address add 10.44.9.1/24 dev br0");
      node.run("ip", "link", "set", "br0", "up");
      for (int i = 0; i < 4; i++) {
        node.run("ip", "link", "add", "rfw" + i, "type", "veth", "peer", "name", "rfp" + i);
        node.run("ip", "link", "set", "rfw" + i, "up");
        node.run("ip", "link", "set", "rfp" + i, "up");
      }
      Random random = new Random(seed);
      int found = 0;
      int onBridge = 0;
      try (RouteWatch watch = RouteWatch.open();
          NetlinkSocket socket = NetlinkSocket.route()) {
        for (int step = 0; step < 90; step++) {
          node.run("sh", "-c", change(random) + " 2>/dev/null; true");
          if (random.nextInt(3) == 0) {
            watch.hear();
            PodWires look = PodWires.look(socket);
            for (Address address : addresses()) {
              Optional<Wire> wire = look.of(address);
              assertEquals(wire, watch.wires().of(address), address::toString);
              found += wire.isPresent() ? 1 : 0;
              onBridge += wire.filter(Wire::bridged).isPresent() ? 1 : 0;
            }
          }
        }
      }
      // A watch and a look that find nothing agree too.
      assertThat(found).isPositive();
      assertThat(onBridge).isPositive();
    });
  }

  static LongStream seeds() {
    return Seeds.some(Boolean.getBoolean("ringfence.soak") ? 40 : 4);
  }

  private static List<Address> addresses() {
    return IntStream.range(0, 6)
        .mapToObj(i -> Address.of("10.44." + (i % 2 == 0 ? 1 : 9) + "." + (10 + i)))
        .toList();
  }

  private static String change(Random random) {
    String wire = "rfw" + random.nextInt(4);
    String address = addresses().get(random.nextInt(6)).toString();
    String hardware = "02:00:00:00:00:0" + random.nextInt(3);
    return switch (random.nextInt(10)) {
      case 0 -> "ip route add " + address + " dev " + wire;
      case 1 -> "ip route replace " + address + " dev " + wire;
      case 2 -> "ip route delete " + address;
      case 3 -> "ip link set " + wire + " down; ip link set " + wire + " up";
      case 4 -> "ip link set " + wire + " master br0";
      case 5 -> "ip link set " + wire + " nomaster";
      case 6 -> "ip neighbour replace " + address + " lladdr " + hardware + " dev br0";
      case 7 -> "ip neighbour delete " + address + " dev br0";
      case 8 -> "bridge fdb replace " + hardware + " dev " + wire + " master static";
      default -> "bridge fdb delete " + hardware + " dev " + wire + " master";
    };
  }

  /// The kernel drops what does not fit, and says so: then everything is looked at again.
  @Test
  void lostNewsAreLookedUp() throws Exception {
    inNamespace(node -> {
      try (RouteWatch watch = RouteWatch.open(2_048)) {
        node.runAll("ip link add rfw1 index 101 type veth peer name rfp1\nip link set rfw1 up");
        for (int i = 0; i < 30; i++) {
          node.run("ip", "route", "add", "10.45.0." + i, "dev", "rfw1");
        }
        assertTrue(watch.hear());
        assertEquals(2, watch.looks());
        for (int i = 0; i < 30; i++) {
          assertEquals(Optional.of(FIRST), watch.wires().of(Address.of("10.45.0." + i)));
        }
        node.run("ip", "route", "add", "10.44.1.10", "dev", "rfw1");
        assertTrue(watch.hear());
        assertEquals(2, watch.looks());
        assertEquals(Optional.of(FIRST), watch.wires().of(POD));
      }
    });
  }

  @Test
  void wiresAreWorkedOutAgainOnlyWhereSomethingChanged() throws Exception {
    inNamespace(node -> {
      node.runAll(
          """
          ip link add rfw1 index 101 type veth peer name rfp1
          ip link set rfw1 up
          ip route add 10.44.1.10 dev rfw1
          """);
      var pods =
          List.of(
              new LocalPod(
                  new ObjectName("shop", "db"), List.of(POD), Optional.empty(), Optional.empty()));
      try (LocalWires wires = LocalWires.open()) {
        Wires first = wires.of(pods);
        assertEquals(FIRST, first.byPod().get(new ObjectName("shop", "db")));
        assertThat(wires.of(pods)).isSameAs(first);
        node.run("ip", "route", "add", "10.99.0.0/24", "dev", "rfw1");
        assertThat(wires.of(List.copyOf(pods))).isSameAs(first);
        node.run("ip", "route", "delete", "10.44.1.10");
        assertThat(wires.of(pods)).isSameAs(first); // the interface is still there
        node.runAll(
            """
            ip link delete rfw1
            ip link add rfw1 index 102 type veth peer name rfp1
            ip link set rfw1 up
            ip route add 10.44.1.10 dev rfw1
            """);
        assertThat(wires.of(pods)).as("another interface of that name").isNotEqualTo(first);
        node.run("ip", "link", "delete", "rfw1");
        assertEquals(Wires.NONE, wires.of(pods));
        assertEquals(1, wires.looks());
        assertEquals(List.of(), wires.notReady());
      }
    });
  }

  @Test
  void aBridgeWhosePacketsNoRuleSeesIsNotReady() throws Exception {
    inNamespace(node -> {
      node.runAll(
          """
          ip link add br0 type bridge
          ip address add 10.44.1.1/24 dev br0
          ip link add rfw1 index 101 type veth peer name rfp1
          ip link set rfw1 master br0
          ip link set rfw1 up
          ip link set br0 up
          ip neighbour replace 10.44.1.10 lladdr 02:00:00:00:00:10 dev br0
          bridge fdb replace 02:00:00:00:00:10 dev rfw1 master static
          sysctl -qw net.bridge.bridge-nf-call-iptables=1
          sysctl -qw net.bridge.bridge-nf-call-ip6tables=1
          """);
      var pods =
          List.of(
              new LocalPod(
                  new ObjectName("shop", "db"), List.of(POD), Optional.empty(), Optional.empty()));
      try (LocalWires wires = LocalWires.open()) {
        assertTrue(wires.of(pods).byPod().containsKey(new ObjectName("shop", "db")));
        assertEquals(List.of(), wires.notReady());
        node.run("sysctl", "-qw", "net.bridge.bridge-nf-call-ip6tables=0");
        assertEquals(
            List.of(
                "net.bridge.bridge-nf-call-ip6tables is 0, not 1: bridged pods are not protected"),
            wires.notReady());
      }
    });
  }
}
