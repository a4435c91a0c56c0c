package dev.ringfence.core.worlds;

import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import dev.ringfence.core.model.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Random policies of all tiers.
final class RandomPolicies {
  static final List<Integer> EDGES = List.of(1, 53, 79, 80, 81, 443, 8080, 8081, 9000, 65_535);

  private final Dice dice;
  private final WorldShape shape;
  private final Labels podLabels;
  private final Labels spaceLabels;
  private final Addresses addresses;

  RandomPolicies(
      Dice dice, WorldShape shape, Labels podLabels, Labels spaceLabels, Addresses addresses) {
    this.dice = dice;
    this.shape = shape;
    this.podLabels = podLabels;
    this.spaceLabels = spaceLabels;
    this.addresses = addresses;
  }

  Policies policies() {
    List<NetworkPolicy> network = new ArrayList<>();
    for (int i = dice.between(0, shape.mostPolicies()); i > 0; i--) {
      network.add(shape.crowded() && dice.percent(85) ? ofACrowd(i) : networkPolicy(i));
    }
    List<ClusterPolicy> cluster = new ArrayList<>();
    if (shape.tiers() && dice.percent(40)) {
      for (int i = dice.between(1, 5); i > 0; i--) {
        cluster.add(clusterPolicy(i));
      }
    }
    return new Policies(network, cluster);
  }

  private NetworkPolicy networkPolicy(int number) {
    List<Rule> ingress = rules();
    List<Rule> egress = rules();
    Set<Direction> types =
        switch (dice.between(0, 3)) {
          case 0 -> Set.of(Direction.INGRESS);
          case 1 -> Set.of(Direction.EGRESS);
          case 2 -> Set.of(Direction.INGRESS, Direction.EGRESS);
          default -> NetworkPolicy.defaultTypes(egress);
        };
    return new NetworkPolicy(
        new ObjectName(dice.pick(RandomPods.SPACES), "policy-" + number),
        "",
        0,
        podLabels.selector(),
        types,
        ingress,
        egress);
  }

  /// One of many that select the same pods; it admits a few others at ports of its own.
  private NetworkPolicy ofACrowd(int number) {
    List<Rule> ingress = List.of(new Rule(new Peers.OneOf(List.of(others())), singlePorts()));
    List<Rule> egress =
        dice.percent(50)
            ? List.of()
            : List.of(new Rule(new Peers.OneOf(List.of(others())), singlePorts()));
    return new NetworkPolicy(
        new ObjectName(RandomPods.SPACES.getFirst(), "policy-" + number),
        "",
        0,
        LabelSelector.EVERYTHING,
        egress.isEmpty() ? Set.of(Direction.INGRESS) : Set.of(Direction.INGRESS, Direction.EGRESS),
        ingress,
        egress);
  }

  private Peer others() {
    if (dice.percent(8)) {
      return new Peer.Block(addresses.block());
    }
    return new Peer.Pods(
        new NamespaceScope.Matching(
            dice.percent(50) ? LabelSelector.EVERYTHING : spaceLabels.selector()),
        Optional.of(podLabels.selector()));
  }

  private Ports singlePorts() {
    List<PortItem> items = new ArrayList<>();
    for (int i = dice.between(1, 2); i > 0; i--) {
      items.add(
          new PortItem.Numbers(
              dice.oneOf(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP),
              PortRange.only(dice.pick(EDGES))));
    }
    return new Ports.OneOf(items);
  }

  private List<Rule> rules() {
    List<Rule> out = new ArrayList<>();
    for (int i = dice.oneOf(0, 1, 1, 2, 3); i > 0; i--) {
      out.add(dice.percent(4) ? Rule.EVERYTHING : new Rule(peers(), ports()));
    }
    return out;
  }

  private Peers peers() {
    List<Peer> items = new ArrayList<>();
    for (int i = dice.oneOf(0, 1, 1, 2, 3); i > 0; i--) {
      items.add(peer());
    }
    return items.isEmpty() ? new Peers.Any() : new Peers.OneOf(items);
  }

  private Peer peer() {
    if (dice.percent(2)) {
      return new Peer.Unreadable("planted");
    }
    if (dice.percent(35)) {
      return new Peer.Block(addresses.block());
    }
    NamespaceScope scope =
        dice.percent(50)
            ? new NamespaceScope.PolicyNamespace()
            : new NamespaceScope.Matching(spaceLabels.selector());
    boolean both = scope instanceof NamespaceScope.PolicyNamespace || dice.percent(60);
    return new Peer.Pods(scope, both ? Optional.of(podLabels.selector()) : Optional.empty());
  }

  private Ports ports() {
    List<PortItem> items = new ArrayList<>();
    for (int i = dice.oneOf(0, 1, 1, 2, 3); i > 0; i--) {
      items.add(port());
    }
    return items.isEmpty() ? new Ports.Any() : new Ports.OneOf(items);
  }

  private PortItem port() {
    Protocol protocol = dice.oneOf(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP);
    return switch (dice.between(0, 9)) {
      case 0 -> new PortItem.Every(protocol);
      case 1, 2, 3 -> new PortItem.Named(protocol, dice.oneOf("web", "api", "dns", "nobody"));
      case 4, 5 -> {
        int a = dice.pick(EDGES);
        int b = dice.pick(EDGES);
        yield new PortItem.Numbers(protocol, new PortRange(Math.min(a, b), Math.max(a, b)));
      }
      default -> new PortItem.Numbers(protocol, PortRange.only(dice.pick(EDGES)));
    };
  }

  private ClusterPolicy clusterPolicy(int number) {
    return new ClusterPolicy(
        dice.oneOf(Tier.ADMIN, Tier.BASELINE),
        dice.between(0, 3),
        "clusternetworkpolicy",
        "tier-" + number,
        new ClusterPolicy.Subject(
            spaceLabels.selector(),
            dice.percent(50) ? podLabels.selector() : LabelSelector.EVERYTHING),
        tierRules(false),
        tierRules(true));
  }

  private List<ClusterPolicy.TierRule> tierRules(boolean blocks) {
    List<ClusterPolicy.TierRule> out = new ArrayList<>();
    for (int i = dice.between(0, 3); i > 0; i--) {
      List<Peer> items = new ArrayList<>();
      for (int p = dice.between(1, 2); p > 0; p--) {
        items.add(tierPeer(blocks));
      }
      Action action = dice.pick(List.of(Action.values()));
      out.add(new ClusterPolicy.TierRule(action, new Rule(new Peers.OneOf(items), ports())));
    }
    return out;
  }

  private Peer tierPeer(boolean blocks) {
    if (dice.percent(5)) {
      return new Peer.Everyone();
    }
    return blocks && dice.percent(40)
        ? new Peer.Block(addresses.block())
        : new Peer.Pods(
            new NamespaceScope.Matching(spaceLabels.selector()), Optional.of(podLabels.selector()));
  }
}
