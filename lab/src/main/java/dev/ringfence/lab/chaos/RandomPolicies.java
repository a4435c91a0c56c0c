package dev.ringfence.lab.chaos;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Policies that somebody could write about a scenario: they name labels, addresses and ports that
/// are there.
record RandomPolicies(Random random, Scenario scenario) {
  /// A policy of this name, in force for some pods at least.
  NetworkPolicy named(ObjectName name) {
    Set<Direction> types =
        switch (random.nextInt(4)) {
          case 0 -> EnumSet.of(Direction.EGRESS);
          case 1 -> EnumSet.allOf(Direction.class);
          default -> EnumSet.of(Direction.INGRESS);
        };
    return new NetworkPolicy(
        name,
        "",
        0,
        subject(name.namespace()),
        types,
        types.contains(Direction.INGRESS) ? rules() : List.of(),
        types.contains(Direction.EGRESS) ? rules() : List.of());
  }

  /// The policy with one thing about it changed.
  NetworkPolicy edited(NetworkPolicy policy) {
    boolean ingress = policy.isolates(Direction.INGRESS);
    if (ingress && policy.isolates(Direction.EGRESS)) {
      ingress = random.nextBoolean();
    }
    boolean subject = random.nextInt(4) == 0;
    return new NetworkPolicy(
        policy.name(),
        policy.uid(),
        policy.generation() + 1,
        subject ? subject(policy.name().namespace()) : policy.subject(),
        policy.types(),
        !subject && ingress ? edited(policy.ingress()) : policy.ingress(),
        !subject && !ingress ? edited(policy.egress()) : policy.egress());
  }

  private List<Rule> edited(List<Rule> rules) {
    List<Rule> out = new ArrayList<>(rules);
    if (!out.isEmpty() && random.nextInt(3) > 0) {
      out.remove(random.nextInt(out.size()));
    }
    if (out.size() == rules.size() || random.nextBoolean()) {
      out.add(random.nextInt(out.size() + 1), rule());
    }
    return out;
  }

  private List<Rule> rules() {
    List<Rule> out = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      out.add(rule());
    }
    return out;
  }

  private Rule rule() {
    if (random.nextInt(8) == 0) {
      return new Rule(new Peers.Any(), ports());
    }
    List<Peer> peers = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      peers.add(random.nextInt(4) == 0 ? new Peer.Block(block()) : pods());
    }
    return new Rule(new Peers.OneOf(peers), ports());
  }

  private Peer pods() {
    NamespaceScope scope =
        random.nextBoolean()
            ? new NamespaceScope.PolicyNamespace()
            : new NamespaceScope.Matching(
                one(one(List.copyOf(now().namespaces().values())).labels()));
    return new Peer.Pods(
        scope,
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(one(one(scenario.pods()).pod().labels())));
  }

  private IpBlock block() {
    Address address = one(one(scenario.ends()).addresses());
    if (random.nextInt(3) == 0) {
      Cidr all = Cidr.of(address.family() == Family.IPV4 ? "0.0.0.0/0" : "::/0");
      return new IpBlock(all, List.of(Cidr.only(address)));
    }
    return new IpBlock(Cidr.only(address), List.of());
  }

  private Ports ports() {
    List<ContainerPort> declared =
        scenario.ends().stream().map(End::ports).flatMap(List::stream).toList();
    if (declared.isEmpty() || random.nextInt(3) == 0) {
      return new Ports.Any();
    }
    ContainerPort port = one(declared);
    if (port.name().isPresent() && random.nextInt(4) == 0) {
      return new Ports.OneOf(List.of(new PortItem.Named(port.protocol(), port.name().get())));
    }
    int last = Math.min(65_535, port.number() + random.nextInt(3) * random.nextInt(100));
    return new Ports.OneOf(
        List.of(new PortItem.Numbers(port.protocol(), new PortRange(port.number(), last))));
  }

  private LabelSelector subject(String namespace) {
    List<Pod> there =
        scenario.pods().stream()
            .map(End.OfPod::pod)
            .filter(pod -> pod.namespace().equals(namespace))
            .toList();
    return there.isEmpty() || random.nextInt(5) == 0
        ? LabelSelector.EVERYTHING
        : one(one(there).labels());
  }

  /// One of these labels; everything if there are none.
  private LabelSelector one(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return LabelSelector.EVERYTHING;
    }
    String key = one(labels.keySet().stream().sorted().toList());
    return LabelSelector.labels(Map.of(key, String.valueOf(labels.get(key))));
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Snapshot now() {
    return scenario.snapshot();
  }

  /// A namespace that has pods, for a policy.
  Namespace namespace() {
    Pod pod = one(scenario.pods()).pod();
    return now().namespaces().getOrDefault(pod.namespace(), Namespace.assumed(pod.namespace()));
  }
}
