package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who appears in a list: workloads, and the pods of those workloads whose pods differ.
final class Census {
  private final Snapshot now;
  private final ConnectivityOptions options;
  private final NavigableSet<Address> cuts;

  private Census(Policies policies, Snapshot now, ConnectivityOptions options) {
    this.now = now;
    this.options = options;
    this.cuts = new TreeSet<>(Blocks.edges(policies));
    for (Family family : Family.values()) {
      cuts.add(AddressRange.all(family).first());
    }
  }

  /// One unit for each end, sorted by id.
  static List<Unit> units(
      Policies policies, Snapshot now, CompiledPolicy compiled, ConnectivityOptions options) {
    return new Census(policies, now, options).units(compiled);
  }

  /// Pods of one workload that no policy can tell apart.
  private record Cohort(List<Pod> pods, List<Endpoint> ends) {
    Pod first() {
      return pods.getFirst();
    }
  }

  /// All that policies can tell pods of one namespace apart by.
  private record Traits(
      Map<String, String> labels,
      List<ContainerPort> ports,
      boolean hostNetwork,
      List<Address> places,
      Optional<String> node) {}

  private List<Unit> units(CompiledPolicy compiled) {
    SortedMap<String, List<Cohort>> workloads = cohorts();
    Set<String> apart = apart(workloads, compiled);
    List<Unit> out = new ArrayList<>();
    workloads.forEach((id, cohorts) -> {
      if (apart.contains(id)) {
        cohorts.forEach(cohort -> cohort.pods().forEach(pod -> out.add(ofPod(pod, cohort))));
      } else {
        out.add(ofWorkload(cohorts));
      }
    });
    if (options.nodes()) {
      nodes().forEach(node -> out.add(ofNode(node)));
    }
    out.sort(Comparator.comparing(unit -> unit.party().id()));
    return out;
  }

  private SortedMap<String, List<Cohort>> cohorts() {
    SortedMap<String, Map<Traits, Cohort>> byWorkload = new TreeMap<>();
    for (Pod pod : now.pods().values()) {
      List<Endpoint> ends = ends(pod);
      if (!ends.isEmpty()) {
        byWorkload
            .computeIfAbsent(pod.workload().id(), id -> new LinkedHashMap<>())
            .computeIfAbsent(traits(pod, ends), t -> new Cohort(new ArrayList<>(), ends))
            .pods()
            .add(pod);
      }
    }
    SortedMap<String, List<Cohort>> out = new TreeMap<>();
    byWorkload.forEach((id, cohorts) -> out.put(id, List.copyOf(cohorts.values())));
    return out;
  }

  private Traits traits(Pod pod, List<Endpoint> ends) {
    List<Address> places = new ArrayList<>();
    ends.forEach(end -> end.address().map(cuts::floor).ifPresent(places::add));
    boolean perNode = options.nodes() || pod.hostNetwork();
    return new Traits(
        pod.labels(),
        pod.ports(),
        pod.hostNetwork(),
        places,
        perNode ? pod.node() : Optional.empty());
  }

  /// One end for each family; none for a pod that has no address or does not appear.
  private List<Endpoint> ends(Pod pod) {
    if (pod.phase().finished()) {
      return List.of();
    }
    if (!pod.hostNetwork()) {
      List<Address> owned = now.ownedBy(pod);
      return pod.counts() && owned.isEmpty() == pod.knownAddresses().isEmpty()
          ? perFamily(owned, at -> new Endpoint.OfPod(pod, at))
          : List.of();
    }
    if (options.hostNetworkAsPods()) {
      return perFamily(pod.knownAddresses(), at -> new Endpoint.OfPod(pod.onPodNetwork(), at));
    }
    return options.nodes()
        ? perFamily(pod.knownAddresses(), at -> new Endpoint.OfNode(pod.node().orElse("?"), at))
        : List.of();
  }

  private static List<Endpoint> perFamily(
      List<Address> addresses, java.util.function.Function<Optional<Address>, Endpoint> of) {
    List<Endpoint> out = new ArrayList<>();
    for (Family family : Family.values()) {
      addresses.stream()
          .filter(address -> address.family() == family)
          .findFirst()
          .ifPresent(address -> out.add(of.apply(Optional.of(address))));
    }
    return out.isEmpty() ? List.of(of.apply(Optional.empty())) : out;
  }

  private Collection<String> nodes() {
    Set<String> out = new TreeSet<>(now.nodes().keySet());
    now.pods().values().forEach(pod -> pod.node().ifPresent(out::add));
    return out;
  }

  private Unit ofNode(String name) {
    List<Address> addresses =
        now.nodes().containsKey(name) ? now.nodes().get(name).addresses() : List.of();
    return new Unit(
        new Party("node/" + name, "", "Node", name, 1),
        perFamily(addresses, at -> new Endpoint.OfNode(name, at)));
  }

  private static Unit ofPod(Pod pod, Cohort cohort) {
    return new Unit(
        new Party(pod.id(), pod.namespace(), "Pod", pod.name().name(), 1), cohort.ends());
  }

  private static Unit ofWorkload(List<Cohort> cohorts) {
    Workload of = cohorts.getFirst().first().workload();
    int replicas = cohorts.stream().mapToInt(cohort -> cohort.pods().size()).sum();
    return new Unit(
        new Party(of.id(), of.namespace(), of.kind(), of.name(), replicas),
        cohorts.getFirst().ends());
  }

  /// The workloads whose pods have different labels or answer differently.
  private Set<String> apart(SortedMap<String, List<Cohort>> workloads, CompiledPolicy compiled) {
    Set<String> out = new HashSet<>();
    List<Unit> units = new ArrayList<>();
    BitSet doubtful = new BitSet();
    workloads.forEach((id, cohorts) -> {
      boolean labels = cohorts.stream().map(one -> one.first().labels()).distinct().count() > 1;
      if (labels) {
        out.add(id);
      }
      for (Cohort cohort : cohorts) {
        doubtful.set(units.size(), !labels && cohorts.size() > 1);
        units.add(ofPod(cohort.first(), cohort));
      }
    });
    if (!doubtful.isEmpty()) {
      if (options.nodes()) { // a pod answers its own node differently (S95)
        nodes().forEach(node -> units.add(ofNode(node)));
      }
      Map<Integer, List<Object>> answers = answers(new Grid(compiled, units), doubtful);
      int at = 0;
      for (Map.Entry<String, List<Cohort>> workload : workloads.entrySet()) {
        List<Object> first = answers.getOrDefault(at, List.of());
        for (int i = 0; i < workload.getValue().size(); i++, at++) {
          if (doubtful.get(at) && !first.equals(answers.get(at))) {
            out.add(workload.getKey());
          }
        }
      }
    }
    return out;
  }

  /// Of each unit, all that may pass between it and anybody.
  private static Map<Integer, List<Object>> answers(Grid grid, BitSet units) {
    Map<Integer, List<Object>> out = new HashMap<>();
    for (Direction direction : Direction.values()) {
      grid.lines(
          direction,
          units,
          line -> {
            List<Object> of = out.computeIfAbsent(line.unit(), u -> new ArrayList<>());
            BitSet peers = line.peers();
            for (int peer = peers.nextSetBit(0); peer >= 0; peer = peers.nextSetBit(peer + 1)) {
              of.add(peer);
              of.add(line.to(peer));
            }
            of.add(grid.units().get(line.unit()).families());
            of.add(grid.outside(direction, line.unit()));
          });
    }
    return out;
  }
}
