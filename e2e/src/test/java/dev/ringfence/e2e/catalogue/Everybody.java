package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cases.Catalogue;
import dev.ringfence.core.cases.CatalogueCase;
import dev.ringfence.core.cases.Step;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Whoever occurs in any case, with all addresses that any case gives them: the ground on which all
/// of them are played. Who has an address that another has in another case shares its place.
final class Everybody {
  private final Map<ObjectName, Pod> pods = new LinkedHashMap<>();
  private final Map<ObjectName, Set<Address>> addresses = new LinkedHashMap<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<Address> taken = new LinkedHashSet<>();

  private Everybody() {}

  static Scenario scenario() {
    Everybody all = new Everybody();
    for (int number : Catalogue.numbers()) {
      Stream.concat(Stream.of(Catalogue.of(number)), Catalogue.twin(number).stream())
          .map(CatalogueCase::steps)
          .flatMap(List::stream)
          .map(Step::load)
          .filter(loaded -> !loaded.refused())
          .map(Loaded::snapshot)
          .forEach(all::meet);
    }
    return Scenario.of(all.snapshot(), Policies.NONE, List.of(), 1, Assigned.NOTHING);
  }

  private void meet(Snapshot now) {
    now.nodes().values().forEach(node -> nodes.merge(node.name(), node, Everybody::both));
    for (Pod pod : now.pods().values()) {
      pods.putIfAbsent(pod.name(), pod);
      Set<Address> own = addresses.computeIfAbsent(pod.name(), key -> new LinkedHashSet<>());
      pod.knownAddresses().stream().filter(taken::add).forEach(own::add);
    }
  }

  private static Node both(Node one, Node other) {
    Set<Address> all = new LinkedHashSet<>(one.addresses());
    all.addAll(other.addresses());
    return new Node(one.name(), one.labels(), List.copyOf(all), one.podCidrs());
  }

  private Snapshot snapshot() {
    List<Pod> placed = new ArrayList<>();
    addresses.forEach((name, own) -> {
      Pod pod = pods.get(name);
      if (pod != null && !own.isEmpty()) {
        placed.add(pod.withAddresses(List.copyOf(own)));
      }
    });
    return Snapshot.EMPTY.withNodes(nodes.values()).withPods(placed);
  }
}
