package dev.ringfence.core.worlds;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Makes a [World] of a seed; equal seeds and shapes make equal worlds.
public final class WorldGenerator {
  private static final List<Address> OUTSIDE =
      List.of(
          Address.of("198.51.100.7"),
          Address.of("198.51.100.8"),
          Address.of("203.0.113.9"),
          Address.of("2001:db8:99::7"),
          Address.of("2001:db8:99::8"));

  private final long seed;
  private final WorldShape shape;
  private final Dice dice;

  public WorldGenerator(long seed, WorldShape shape) {
    this.seed = seed;
    this.shape = shape;
    this.dice = new Dice(seed);
  }

  public World world() {
    Labels podLabels = new Labels(dice, List.of("app", "tier", "role", "run"));
    Labels spaceLabels = new Labels(dice, List.of("zone", "team", "kubernetes.io/metadata.name"));
    Snapshot snapshot = new RandomPods(dice, shape, podLabels, spaceLabels).snapshot();
    List<Address> known = known(snapshot);
    known.addAll(OUTSIDE);
    Addresses addresses = new Addresses(dice, known);
    Policies policies =
        new RandomPolicies(dice, shape, podLabels, spaceLabels, addresses).policies();
    Set<Address> others = new LinkedHashSet<>(OUTSIDE);
    for (Address edge : shape.strange() ? addresses.edges() : List.<Address>of()) {
      if (!(snapshot.resolve(edge) instanceof Endpoint.OfPod)) {
        others.add(edge);
      }
    }
    List<Flow> flows = flows(snapshot, List.copyOf(others));
    return new World(seed, snapshot, policies, outside(snapshot, others), flows);
  }

  private static List<Address> known(Snapshot snapshot) {
    Set<Address> out = new LinkedHashSet<>();
    snapshot.pods().values().forEach(pod -> out.addAll(pod.knownAddresses()));
    snapshot.nodes().values().forEach(node -> out.addAll(node.addresses()));
    return new ArrayList<>(out);
  }

  private static List<Address> outside(Snapshot snapshot, Set<Address> others) {
    return others.stream()
        .filter(address -> snapshot.resolve(address) instanceof Endpoint.Outside)
        .toList();
  }

  private List<Flow> flows(Snapshot snapshot, List<Address> others) {
    List<Endpoint> pods = new ArrayList<>();
    for (Pod pod : snapshot.pods().values()) {
      snapshot.ownedBy(pod).forEach(at -> pods.add(new Endpoint.OfPod(pod, Optional.of(at))));
      if (pod.counts() && pod.knownAddresses().isEmpty()) {
        pods.add(new Endpoint.OfPod(pod, Optional.empty()));
      }
    }
    List<Endpoint> all = new ArrayList<>(pods);
    snapshot
        .nodes()
        .values()
        .forEach(node -> node.addresses().forEach(at -> all.add(snapshot.resolve(at))));
    dice.some(others, 40).forEach(at -> all.add(snapshot.resolve(at)));
    if (shape.strange()) {
      snapshot.nodes().values().forEach(node -> strangers(snapshot, node, all));
    }
    List<Flow> out = new ArrayList<>();
    for (int i = 0; i < shape.flows() && !pods.isEmpty(); i++) {
      Endpoint pod = dice.pick(pods);
      Endpoint other =
          dice.percent(4) ? pod : dice.pick(sameFamily(dice.percent(60) ? pods : all, pod));
      out.add(dice.percent(50) ? flow(pod, other) : flow(other, pod));
    }
    return out;
  }

  /// Addresses for pods that no pod we know of has, and hostNetwork pods among them.
  private static void strangers(Snapshot snapshot, Node node, List<Endpoint> into) {
    for (Cidr range : node.podCidrs()) {
      Address first = range.first();
      into.add(snapshot.resolve(new Address(first.family(), first.high(), first.low() + 2)));
      into.add(snapshot.resolve(new Address(first.family(), first.high(), first.low() + 251)));
    }
  }

  private static List<Endpoint> sameFamily(List<Endpoint> ends, Endpoint as) {
    Optional<Family> family = as.address().map(Address::family);
    return ends.stream()
        .filter(end ->
            family.isEmpty()
                || end.address().isEmpty()
                || end.address().map(Address::family).equals(family))
        .toList();
  }

  private Flow flow(Endpoint from, Endpoint to) {
    Protocol protocol =
        dice.oneOf(
            Protocol.TCP, Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP, Protocol.OTHER);
    OptionalInt port = protocol.hasPorts() ? OptionalInt.of(port(to)) : OptionalInt.empty();
    return new Flow(
        from, to, protocol, port, shape.strange() && dice.percent(from.equals(to) ? 50 : 5));
  }

  private int port(Endpoint to) {
    if (to instanceof Endpoint.OfPod(Pod pod, var at)
        && !pod.ports().isEmpty()
        && dice.percent(50)) {
      return dice.pick(pod.ports()).number();
    }
    int near = dice.pick(RandomPolicies.EDGES) + dice.between(-1, 1);
    return Math.max(1, Math.min(65_535, near));
  }
}
