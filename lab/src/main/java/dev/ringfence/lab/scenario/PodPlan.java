package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Gives pods the node and the addresses that their manifests leave open.
///
/// Both come from names, not from counting, so a pod keeps them when others come and go: the node
/// from its workload and its place in it (replicas spread), the host part of an address from its
/// id. Where two pods want one address, the one that had it keeps it.
final class PodPlan {
  /// Host numbers tried in a range: the network, the gateway's custom place and the last stay free.
  private static final int FIRST_HOST = 2;

  private static final int MOST_HOSTS = 65_000;

  private final Assigned remembered;
  private final Set<Address> taken = new HashSet<>();
  private final SortedMap<String, Assigned.PodPlace> places = new TreeMap<>();

  PodPlan(Assigned remembered, Collection<Address> foreign) {
    this.remembered = remembered;
    taken.addAll(foreign);
  }

  SortedMap<String, Assigned.PodPlace> places() {
    return places;
  }

  /// Every pod with a node; one pod a node for a DaemonSet whose manifest shows no pods.
  List<Pod> onNodes(Collection<Pod> pods, List<String> nodes) {
    List<Pod> out = new ArrayList<>();
    byWorkload(pods)
        .values()
        .forEach(replicas -> {
          for (int i = 0; i < replicas.size(); i++) {
            Pod pod = replicas.get(i);
            if (pod.node().isPresent() || pod.phase().finished()) {
              out.add(pod);
            } else if (pod.workload().kind().equals("DaemonSet")) {
              nodes.forEach(node -> out.add(ofDaemonSet(pod, node)));
            } else {
              out.add(pod.withNode(nodeOf(pod, i, nodes)));
            }
          }
        });
    return out;
  }

  private static Map<String, List<Pod>> byWorkload(Collection<Pod> pods) {
    Map<String, List<Pod>> out = new TreeMap<>();
    pods.forEach(
        pod -> out.computeIfAbsent(pod.workload().id(), key -> new ArrayList<>()).add(pod));
    Comparator<Pod> order = Comparator.comparing(Pod::id, NaturalOrder.BY_NUMBER);
    out.values().forEach(replicas -> replicas.sort(order));
    return out;
  }

  private static Pod ofDaemonSet(Pod pod, String node) {
    ObjectName name = new ObjectName(pod.namespace(), pod.workload().name() + "-" + node);
    return new Pod(
        name,
        pod.uid(),
        pod.labels(),
        Optional.of(node),
        pod.hostNetwork(),
        pod.addresses(),
        pod.phase(),
        pod.startTime(),
        pod.ports(),
        pod.workload());
  }

  private String nodeOf(Pod pod, int replica, List<String> nodes) {
    Assigned.PodPlace before = remembered.pods().get(pod.id());
    if (before != null && nodes.contains(before.node())) {
      return before.node();
    }
    int first = (int) (NameHash.of(pod.workload().id()) % nodes.size());
    return nodes.get((first + replica) % nodes.size());
  }

  /// Every pod with addresses, but for those whose status says that they have none.
  List<Pod> addressed(List<Pod> pods, List<Node> nodes) {
    Map<String, Node> byName = new HashMap<>();
    nodes.forEach(node -> byName.put(node.name(), node));
    pods.forEach(pod -> taken.addAll(pod.knownAddresses()));
    nodes.forEach(node -> taken.addAll(node.addresses()));
    Map<Pod, List<Address>> kept = keepOld(pods, byName);
    List<Pod> out = new ArrayList<>();
    for (Pod pod : pods) {
      Pod done = kept.containsKey(pod) ? pod.withAddresses(kept.get(pod)) : addressed(pod, byName);
      out.add(done);
      done.node().ifPresent(node -> places.put(done.id(), place(pod, done, node)));
    }
    return out;
  }

  private static Assigned.PodPlace place(Pod before, Pod done, String node) {
    boolean given = wantsAddresses(before) && !before.hostNetwork();
    List<Address> addresses = given ? done.knownAddresses() : List.of();
    return new Assigned.PodPlace(node, addresses.stream().map(Address::toString).toList());
  }

  private Map<Pod, List<Address>> keepOld(List<Pod> pods, Map<String, Node> byName) {
    Map<Pod, List<Address>> out = new HashMap<>();
    for (Pod pod : pods) {
      Assigned.PodPlace before = remembered.pods().get(pod.id());
      if (before == null || !wantsAddresses(pod) || pod.hostNetwork()) {
        continue;
      }
      List<Address> old = before.addresses().stream().map(Address::of).toList();
      if (fits(old, ranges(pod, byName)) && old.stream().noneMatch(taken::contains)) {
        taken.addAll(old);
        out.put(pod, old);
      }
    }
    return out;
  }

  private static boolean fits(List<Address> old, List<Cidr> ranges) {
    return old.size() == ranges.size()
        && ranges.stream().allMatch(range -> old.stream().anyMatch(range::contains));
  }

  private Pod addressed(Pod pod, Map<String, Node> byName) {
    if (!wantsAddresses(pod)) {
      return pod;
    }
    if (pod.hostNetwork()) {
      return pod.withAddresses(node(pod, byName).addresses());
    }
    List<Address> out = new ArrayList<>();
    ranges(pod, byName).forEach(range -> out.add(freeIn(range, pod)));
    return pod.withAddresses(out);
  }

  private static boolean wantsAddresses(Pod pod) {
    return !pod.phase().finished() && pod.addresses() instanceof PodAddresses.Unknown;
  }

  /// The first range of each family.
  private static List<Cidr> ranges(Pod pod, Map<String, Node> byName) {
    List<Cidr> out = new ArrayList<>();
    for (Family family : Family.values()) {
      node(pod, byName).podCidrs().stream()
          .filter(cidr -> cidr.family() == family)
          .findFirst()
          .ifPresent(out::add);
    }
    return out;
  }

  private static Node node(Pod pod, Map<String, Node> byName) {
    Node node = pod.node().map(byName::get).orElse(null);
    if (node == null) {
      throw new IllegalStateException("no node was planned for " + pod.id());
    }
    return node;
  }

  private Address freeIn(Cidr range, Pod pod) {
    int bits = range.family().bits() - range.prefix();
    int hosts = bits >= 17 ? MOST_HOSTS : Math.max(0, (1 << bits) - 1 - FIRST_HOST);
    int first = hosts == 0 ? 0 : (int) (NameHash.of(pod.id()) % hosts);
    for (int i = 0; i < hosts; i++) {
      Address address = above(range.first(), FIRST_HOST + (first + i) % hosts);
      if (taken.add(address)) {
        return address;
      }
    }
    throw new ScenarioException("no free address left in " + range + " for " + pod.id());
  }

  private static Address above(Address network, int host) {
    return new Address(network.family(), network.high(), network.low() + host);
  }
}
