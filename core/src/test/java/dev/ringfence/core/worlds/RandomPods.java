package dev.ringfence.core.worlds;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Random namespaces, nodes and pods.
final class RandomPods {
  static final List<String> SPACES = List.of("harbor", "orchard", "quarry", "default");
  private static final List<String> NAMES = List.of("web", "api", "dns");
  private static final List<Integer> NUMBERS = List.of(53, 80, 81, 8080, 8081, 9000);

  private final Dice dice;
  private final WorldShape shape;
  private final Labels podLabels;
  private final Labels spaceLabels;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();

  RandomPods(Dice dice, WorldShape shape, Labels podLabels, Labels spaceLabels) {
    this.dice = dice;
    this.shape = shape;
    this.podLabels = podLabels;
    this.spaceLabels = spaceLabels;
  }

  Snapshot snapshot() {
    int nodeCount = shape.strange() ? dice.between(1, shape.mostNodes()) : shape.mostNodes();
    for (int n = 1; n <= nodeCount; n++) {
      nodes.add(node(n));
    }
    for (int p = dice.between(2, shape.mostPods()); p > 0; p--) {
      pods.add(pod(p));
    }
    return new Snapshot(spaces(), nodes, pods, List.of());
  }

  private List<Namespace> spaces() {
    List<Namespace> out = new ArrayList<>();
    for (String name : SPACES) {
      if (!shape.strange() || dice.percent(80)) {
        out.add(new Namespace(name, spaceLabels.labels()));
      }
    }
    return out;
  }

  private Node node(int n) {
    List<Address> addresses = new ArrayList<>();
    addresses.add(Address.of("192.0.2." + n));
    if (!shape.strange() || dice.percent(70)) {
      addresses.add(Address.of("2001:db8:2::" + n));
    }
    if (shape.strange() && dice.percent(30)) {
      addresses.add(Address.of("10.44." + n + ".1")); // a gateway among its pods
    }
    List<Cidr> ranges = new ArrayList<>();
    if (!shape.strange() || dice.percent(70)) {
      ranges.add(Cidr.of("10.44." + n + ".0/24"));
      ranges.add(Cidr.of("fd44:" + n + "::/64"));
    }
    return new Node("node-" + n, Map.of(), addresses, ranges);
  }

  private Pod pod(int p) {
    int n = dice.between(1, nodes.size());
    ObjectName name = new ObjectName(dice.pick(SPACES), "pod-" + p);
    boolean host = shape.strange() && dice.percent(6);
    return new Pod(
        name,
        "uid-" + p,
        podLabels.labels(),
        shape.strange() && dice.percent(4) ? Optional.empty() : Optional.of("node-" + n),
        host,
        host ? onNode(n) : addresses(n, p),
        phase(),
        dice.percent(50) ? Optional.of(Instant.ofEpochSecond(p % 5)) : Optional.empty(),
        ports(),
        new Workload(name.namespace(), "Pod", name.name()));
  }

  /// Of a hostNetwork pod: its node's, or one that no Node object shows.
  private PodAddresses onNode(int n) {
    return dice.percent(60)
        ? new PodAddresses.Known(nodes.get(n - 1).addresses())
        : PodAddresses.of(Address.of("10.44." + n + ".2"));
  }

  private Phase phase() {
    if (!shape.strange() || dice.percent(80)) {
      return Phase.RUNNING;
    }
    return dice.oneOf(Phase.values());
  }

  private PodAddresses addresses(int n, int p) {
    Address four = Address.of("10.44." + n + "." + (10 + p % 240));
    Address six = Address.of("fd44:" + n + "::" + Integer.toHexString(10 + p));
    if (!shape.strange()) {
      return PodAddresses.of(four, six);
    }
    return switch (dice.between(0, 19)) {
      case 0 -> new PodAddresses.Unknown();
      case 1 -> PodAddresses.of();
      case 2, 3 -> pods.isEmpty() ? PodAddresses.of(four) : dice.pick(pods).addresses();
      case 4, 5 -> PodAddresses.of(six);
      case 6, 7 -> PodAddresses.of(four);
      case 8 -> PodAddresses.of(Address.of("172.16.0." + (p % 250)), six);
      case 9, 10 -> PodAddresses.of(six, four);
      default -> PodAddresses.of(four, six);
    };
  }

  private List<ContainerPort> ports() {
    List<ContainerPort> out = new ArrayList<>();
    for (int i = dice.between(0, 4); i > 0; i--) {
      out.add(
          new ContainerPort(
              dice.percent(80) ? Optional.of(dice.pick(NAMES)) : Optional.empty(),
              dice.oneOf(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP),
              dice.pick(NUMBERS)));
    }
    return out;
  }
}
