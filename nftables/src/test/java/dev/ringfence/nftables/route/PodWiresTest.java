package dev.ringfence.nftables.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodWiresTest {
  @Test
  void aRoutedPodIsFoundByItsRoute() throws Exception {
    try (var node = ScratchNamespace.create();
        var pod = ScratchNamespace.create()) {
      node.runAll(
          """
          ip link add rfw1 index 101 type veth peer name eth0 netns %s
          ip link set rfw1 up
          ip route add 10.44.1.10 dev rfw1
          ip -6 route add fd00:44::10 dev rfw1
          """
              .formatted(pod.name()));
      node.inside(() -> {
        try (NetlinkSocket socket = NetlinkSocket.route()) {
          PodWires wires = PodWires.look(socket);
          Optional<Wire> wire = Optional.of(new Wire("rfw1", 101, false, Optional.empty()));
          assertEquals(wire, wires.of(Address.of("10.44.1.10")));
          assertEquals(wire, wires.of(Address.of("fd00:44::10")));
          assertEquals(Optional.empty(), wires.of(Address.of("10.44.1.11")));
          assertThat(Routes.all(socket))
              .anyMatch(route ->
                  route.destination().equals(Cidr.of("10.44.1.10/32")) && route.table() == 254);
          Link link =
              Links.all(socket).stream()
                  .filter(one -> one.name().equals("rfw1"))
                  .findFirst()
                  .orElseThrow();
          assertEquals("veth", link.kind());
          assertTrue(link.up());
          assertEquals(6, link.hardware().length());
        }
        return null;
      });
    }
  }

  @Test
  void aBridgedPodIsFoundByItsLinkAddress() throws Exception {
    try (var node = ScratchNamespace.create();
        var pod = ScratchNamespace.create()) {
      node.runAll(
          """
          ip link add br0 type bridge
          ip address add 10.44.2.1/24 dev br0
          ip link add rfw1 index 101 type veth peer name eth0 netns %s
          ip link set rfw1 master br0
          ip link set rfw1 up
          ip link set br0 up
          """
              .formatted(pod.name()));
      pod.runAll(
          """
          ip address add 10.44.2.10/24 dev eth0
          ip link set eth0 address 02:00:00:00:00:10
          ip link set eth0 up
          """);
      node.runAll(
          """
          ip neighbour replace 10.44.2.10 lladdr 02:00:00:00:00:10 dev br0
          bridge fdb replace 02:00:00:00:00:10 dev rfw1 master static
          """);
      node.inside(() -> {
        try (NetlinkSocket socket = NetlinkSocket.route()) {
          PodWires wires = PodWires.look(socket);
          assertEquals(
              Optional.of(new Wire("rfw1", 101, true, Optional.of(Bytes.of(2, 0, 0, 0, 0, 0x10)))),
              wires.of(Address.of("10.44.2.10")));
          assertEquals(Optional.empty(), wires.of(Address.of("10.44.2.11")));
        }
        return null;
      });
    }
  }
}
