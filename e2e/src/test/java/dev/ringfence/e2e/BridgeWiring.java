package dev.ringfence.e2e;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/// The pods of one node on one bridge, as many CNI plugins wire them; bridged packets meet the
/// node's rules.
final class BridgeWiring implements Town.Wiring {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String[] NO_WAITING = {
    "net.ipv6.conf.all.disable_ipv6=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv6.conf.default.accept_ra=0"
  };

  @Override
  public void build(Instance instance, Scenario scenario) throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/sys/net/bridge")), "needs br_netfilter");
    Node only = scenario.snapshot().nodes().values().iterator().next();
    Space node = new Space(instance.node(only.name()));
    node.create();
    node.sysctl(NO_WAITING);
    node.sysctl(
        "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1",
        "net.bridge.bridge-nf-call-iptables=1",
        "net.bridge.bridge-nf-call-ip6tables=1");
    node.ip("link add br0 address 02:00:00:00:00:01 type bridge\nlink set br0 up");
    for (Cidr range : only.podCidrs()) {
      node.ip("addr add " + gateway(range) + "/" + range.prefix() + " dev br0" + nodad(range));
    }
    for (End.OfPod pod : scenario.pods()) {
      connect(node, new Space(instance.pod(pod.pod())), pod, only);
    }
  }

  private static void connect(Space node, Space space, End.OfPod pod, Node home) throws Exception {
    String name = pod.pod().name().name();
    space.create();
    space.sysctl(NO_WAITING);
    node.ip(
        """
        link add port-%1$s type veth peer name eth0 netns %2$s
        link set port-%1$s master br0
        link set port-%1$s up
        """
            .formatted(name, space.name()));
    for (Cidr range : home.podCidrs()) {
      Address address = pod.address(range.family()).orElseThrow();
      space.ip("addr add " + address + "/" + range.prefix() + " dev eth0" + nodad(range));
    }
    space.ip("link set eth0 up");
    for (Cidr range : home.podCidrs()) {
      Address gateway = gateway(range);
      space.ip("route add default via " + gateway + " dev eth0");
      speak(node, space, pod.address(range.family()).orElseThrow(), gateway);
    }
  }

  /// The node learns where a pod is when it first speaks.
  private static void speak(Space node, Space pod, Address own, Address gateway) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      pod.send(Packets.udp(own, 4000, gateway, 9, new byte[8]));
      if (node.run("ip", "neigh", "show", own.toString()).contains("lladdr")) {
        return;
      }
      Thread.sleep(20);
    } while (System.nanoTime() < end);
    throw new IllegalStateException("the node has not learnt where " + own + " is");
  }

  private static String nodad(Cidr range) {
    return range.family() == Family.IPV6 ? " nodad" : "";
  }

  /// The first address of a range after its own.
  static Address gateway(Cidr range) {
    byte[] bytes = Arrays.copyOf(range.first().bytes(), range.family().bits() / 8);
    bytes[bytes.length - 1]++;
    return Address.ofBytes(bytes);
  }
}
