package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// The nodes: those of the manifests, those that pods name, and as many as the scenario wants.
///
/// What a manifest says of a node stays; addresses and pod ranges that it leaves out are given by
/// the node's number.
final class NodePlan {
  /// Above this many pods on a node its IPv4 range is a /20 instead of a /24.
  private static final int FITS_24 = 200;

  private final Snapshot snapshot;
  private final SortedMap<String, Integer> numbers;
  private final Set<Address> taken = new HashSet<>();
  private final List<Cidr> ranges = new ArrayList<>();

  private NodePlan(Snapshot snapshot, SortedMap<String, Integer> numbers) {
    this.snapshot = snapshot;
    this.numbers = numbers;
  }

  /// Names of all nodes in their natural order, each with its number.
  static SortedMap<String, Integer> numbered(
      Snapshot snapshot, int wanted, SortedMap<String, Integer> remembered) {
    NavigableSet<String> names = new TreeSet<>(NaturalOrder.BY_NUMBER);
    names.addAll(snapshot.nodes().keySet());
    snapshot.pods().values().stream()
        .filter(pod -> !pod.phase().finished())
        .forEach(pod -> pod.node().ifPresent(names::add));
    if (snapshot.nodes().isEmpty()) {
      for (int i = 1; names.size() < Math.max(1, wanted); i++) {
        names.add("node-" + i);
      }
    }
    SortedMap<String, Integer> out = new TreeMap<>(NaturalOrder.BY_NUMBER);
    Set<Integer> used = new HashSet<>();
    for (String name : names) {
      Integer known = remembered.get(name);
      if (known != null && used.add(known)) {
        out.put(name, known);
      }
    }
    for (String name : names) {
      out.computeIfAbsent(name, key -> lowestFree(used));
    }
    return out;
  }

  private static int lowestFree(Set<Integer> used) {
    int number = 1;
    while (!used.add(number)) {
      number++;
    }
    return number;
  }

  /// The nodes with everything filled in.
  ///
  /// @param foreign addresses that belong to somebody else
  static List<Node> of(
      Snapshot snapshot,
      SortedMap<String, Integer> numbers,
      Map<String, Integer> podsOn,
      Collection<Address> foreign) {
    NodePlan plan = new NodePlan(snapshot, numbers);
    plan.taken.addAll(foreign);
    snapshot.pods().values().forEach((Pod pod) -> plan.taken.addAll(pod.knownAddresses()));
    snapshot
        .nodes()
        .values()
        .forEach((Node node) -> {
          plan.taken.addAll(node.addresses());
          plan.ranges.addAll(node.podCidrs());
        });
    return plan.fill(podsOn);
  }

  private List<Node> fill(Map<String, Integer> podsOn) {
    List<Node> out = new ArrayList<>();
    numbers.forEach((name, number) -> {
      Node given = snapshot.nodes().getOrDefault(name, bare(name));
      List<Address> addresses =
          Stream.of(given.addresses(), shared(name))
              .filter(all -> !all.isEmpty())
              .findFirst()
              .orElseGet(() -> addresses(number));
      List<Cidr> cidrs =
          given.podCidrs().isEmpty()
              ? cidrs(number, podsOn.getOrDefault(name, 0))
              : given.podCidrs();
      out.add(new Node(name, given.labels(), addresses, cidrs));
    });
    return out;
  }

  /// The addresses that pods on the node's own network say it has.
  private List<Address> shared(String node) {
    return snapshot.pods().values().stream()
        .filter(pod -> pod.hostNetwork() && pod.node().filter(node::equals).isPresent())
        .flatMap(pod -> pod.knownAddresses().stream())
        .distinct()
        .toList();
  }

  private static Node bare(String name) {
    return new Node(name, Map.of("kubernetes.io/hostname", name), List.of(), List.of());
  }

  private List<Address> addresses(int number) {
    return List.of(
        freeAddress(
            number, i -> Address.of("192.168." + (77 + i / 250) + "." + (1 + (i - 1) % 250))),
        freeAddress(number, i -> Address.ofV6(0xfd00_0077_0000_0000L, i)));
  }

  private Address freeAddress(int number, IntFunction<Address> candidate) {
    for (int i = number; ; i += numbers.size() + 1) {
      Address address = candidate.apply(i);
      if (taken.add(address)) {
        return address;
      }
    }
  }

  private List<Cidr> cidrs(int number, int pods) {
    IntFunction<Cidr> v4 =
        pods <= FITS_24
            ? i -> Cidr.of("10." + (244 + i / 256) + "." + i % 256 + ".0/24")
            : i -> Cidr.of("10." + (128 + i / 16) + "." + i % 16 * 16 + ".0/20");
    return List.of(
        freeRange(number, v4),
        freeRange(number, i -> new Cidr(Address.ofV6(0xfd44_0000_0000_0000L | i, 0), 64)));
  }

  private Cidr freeRange(int number, IntFunction<Cidr> candidate) {
    for (int i = number; ; i += numbers.size() + 1) {
      Cidr cidr = candidate.apply(i);
      if (ranges.stream().noneMatch(one -> one.contains(cidr) || cidr.contains(one))
          && taken.stream().noneMatch(cidr::contains)) {
        ranges.add(cidr);
        return cidr;
      }
    }
  }
}
