package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// The probes that dial a Service: from inside by its own addresses, from everywhere by the nodes',
/// one for each backend that the client can get.
public final class ServiceProbes {
  private final Snapshot snapshot;
  private final List<Probe> out = new ArrayList<>();

  private ServiceProbes(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// Those that `wanted` names, where at least one end is a pod that policies are about; a pod
  /// behind a Service dials itself as well (S91).
  public static List<Probe> of(Scenario scenario, BiPredicate<End, Door> wanted) {
    ServiceProbes probes = new ServiceProbes(scenario.snapshot());
    List<Door> doors = Door.all(scenario);
    for (End from : scenario.ends()) {
      for (Door door : doors) {
        boolean knowsIt = from.node().isPresent() || door.node().isPresent();
        if (knowsIt && wanted.test(from, door)) {
          probes.add(from, door);
        }
      }
    }
    return probes.out;
  }

  private void add(End from, Door door) {
    Optional<Address> source = from.address(door.address().family());
    List<Backend> all = door.backends(from.node());
    for (int i = 0; i < all.size() && source.isPresent(); i++) {
      Probe probe = probe(from, source.get(), door, all, i);
      if ((from.isJudged() || all.get(i).end().isJudged()) && probe.canFit()) {
        out.add(probe);
      }
    }
  }

  private Probe probe(End from, Address source, Door door, List<Backend> all, int index) {
    Backend backend = all.get(index);
    boolean atOwnNode = door.node().isEmpty() || isOn(from, door.node());
    Address judged = source;
    Address seen = source;
    if (!door.keepsSource()) {
      // The node that passes it on gives it its own address, after its rules have judged.
      seen = door.node().flatMap(node -> first(node, source.family())).orElse(source);
      judged = isOn(backend.end(), door.node()) ? source : seen;
    } else if (from.id().equals(backend.end().id())) {
      seen = node(from).flatMap(node -> first(node, source.family())).orElse(source);
    }
    return new Probe(
        from,
        backend.end(),
        door.protocol(),
        backend.port(),
        source,
        backend.address(),
        Optional.of(new Probe.Via(door, door.spread(all), index, atOwnNode, judged, seen)));
  }

  private static boolean isOn(End end, Optional<Node> node) {
    return node.isPresent() && end.node().equals(node.map(Node::name));
  }

  private Optional<Node> node(End end) {
    return end.node().flatMap(name -> Optional.ofNullable(snapshot.nodes().get(name)));
  }

  /// The address a node gives to what it passes on.
  public static Optional<Address> first(Node node, Family family) {
    return node.addresses().stream().filter(one -> one.family() == family).findFirst();
  }
}
