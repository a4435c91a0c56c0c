package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// The probes that dial a Service: from inside by its own addresses, from outside by the nodes',
/// one for each backend.
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
        boolean outside = from.asPod().isEmpty();
        if (outside == door.node().isPresent() && wanted.test(from, door)) {
          probes.add(from, door);
        }
      }
    }
    return probes.out;
  }

  private void add(End from, Door door) {
    for (int i = 0; i < door.backends().size(); i++) {
      Backend backend = door.backends().get(i);
      int index = i;
      if (from.isJudged() || backend.end().isJudged()) {
        from.address(door.address().family())
            .ifPresent(source -> out.add(probe(from, source, door, backend, index)));
      }
    }
  }

  private Probe probe(End from, Address source, Door door, Backend backend, int index) {
    return new Probe(
        from,
        backend.end(),
        door.protocol(),
        backend.port(),
        source,
        backend.address(),
        Optional.of(way(from, source, door, backend, index)));
  }

  private Probe.Via way(End from, Address source, Door door, Backend backend, int index) {
    if (from.id().equals(backend.end().id())) {
      Address ofNode = node(backend).flatMap(node -> first(node, source.family())).orElse(source);
      return new Probe.Via(door, index, source, ofNode);
    }
    if (door.keepsSource() || door.node().isEmpty()) {
      return new Probe.Via(door, index, source, source);
    }
    Address entered = first(door.node().get(), source.family()).orElse(source);
    boolean sameNode = node(backend).filter(door.node().get()::equals).isPresent();
    return new Probe.Via(door, index, sameNode ? source : entered, entered);
  }

  private Optional<Node> node(Backend backend) {
    return backend.end().node().flatMap(name -> Optional.ofNullable(snapshot.nodes().get(name)));
  }

  /// The address a node gives to what it passes on.
  public static Optional<Address> first(Node node, Family family) {
    return node.addresses().stream().filter(one -> one.family() == family).findFirst();
  }
}
