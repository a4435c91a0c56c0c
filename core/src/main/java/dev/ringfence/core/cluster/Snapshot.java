package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that exists at one instant, indexed by name and by address. Immutable.
///
/// Namespaces that pods name but nobody defined are assumed (S28).
public final class Snapshot {
  public static final Snapshot EMPTY = new Snapshot(List.of(), List.of(), List.of(), List.of());

  /// Which of several pods owns an address: running first, then the latest start, then uid (S116).
  public static final Comparator<Pod> OWNERSHIP = Snapshot::byOwnership;

  private final SortedMap<String, Namespace> namespaces;
  private final SortedMap<String, Node> nodes;
  private final SortedMap<ObjectName, Pod> pods;
  private final SortedMap<ObjectName, Service> services;
  private final SortedMap<ObjectName, EndpointSlice> slices;
  private final Map<Address, Pod> owners = new HashMap<>();
  private final Map<Address, String> nodeAddresses = new HashMap<>();

  /// One without EndpointSlices.
  public Snapshot(
      Collection<Namespace> namespaces,
      Collection<Node> nodes,
      Collection<Pod> pods,
      Collection<Service> services) {
    this(namespaces, nodes, pods, services, List.of());
  }

  public Snapshot(
      Collection<Namespace> namespaces,
      Collection<Node> nodes,
      Collection<Pod> pods,
      Collection<Service> services,
      Collection<EndpointSlice> slices) {
    SortedMap<String, Namespace> spaces = new TreeMap<>();
    namespaces.forEach(one -> spaces.put(one.name(), one));
    pods.forEach(pod -> spaces.computeIfAbsent(pod.namespace(), Namespace::assumed));
    this.namespaces = Collections.unmodifiableSortedMap(spaces);
    SortedMap<String, Node> byNode = new TreeMap<>();
    nodes.forEach(one -> byNode.put(one.name(), one));
    this.nodes = Collections.unmodifiableSortedMap(byNode);
    SortedMap<ObjectName, Pod> byPod = new TreeMap<>();
    pods.forEach(one -> byPod.put(one.name(), one));
    this.pods = Collections.unmodifiableSortedMap(byPod);
    SortedMap<ObjectName, Service> byService = new TreeMap<>();
    services.forEach(one -> byService.put(one.name(), one));
    this.services = Collections.unmodifiableSortedMap(byService);
    SortedMap<ObjectName, EndpointSlice> bySlice = new TreeMap<>();
    slices.forEach(one -> bySlice.put(one.name(), one));
    this.slices = Collections.unmodifiableSortedMap(bySlice);
    indexAddresses();
  }

  private static int byOwnership(Pod a, Pod b) {
    int order = Boolean.compare(b.phase() == Phase.RUNNING, a.phase() == Phase.RUNNING);
    if (order == 0) {
      order = b.startTime().orElse(Instant.MIN).compareTo(a.startTime().orElse(Instant.MIN));
    }
    order = order == 0 ? a.uid().compareTo(b.uid()) : order;
    return order == 0 ? a.name().compareTo(b.name()) : order;
  }

  private void indexAddresses() {
    for (Node node : nodes.values()) {
      node.addresses().forEach(address -> nodeAddresses.putIfAbsent(address, node.name()));
    }
    for (Pod pod : pods.values()) {
      for (Address address : pod.knownAddresses()) {
        if (pod.counts()) {
          owners.merge(address, pod, (a, b) -> OWNERSHIP.compare(a, b) <= 0 ? a : b);
        } else if (pod.hostNetwork() && !pod.phase().finished()) {
          pod.node().ifPresent(node -> nodeAddresses.putIfAbsent(address, node));
        }
      }
    }
  }

  public SortedMap<String, Namespace> namespaces() {
    return namespaces;
  }

  public SortedMap<String, Node> nodes() {
    return nodes;
  }

  public SortedMap<ObjectName, Pod> pods() {
    return pods;
  }

  public SortedMap<ObjectName, Service> services() {
    return services;
  }

  public SortedMap<ObjectName, EndpointSlice> slices() {
    return slices;
  }

  /// The labels of a namespace; of one that nobody defined, its name label alone (S28).
  public Map<String, String> namespaceLabels(String namespace) {
    Namespace known = namespaces.get(namespace);
    return (known == null ? Namespace.assumed(namespace) : known).labels();
  }

  /// Who has this address (section 4.2).
  public Endpoint resolve(Address address) {
    Optional<Address> at = Optional.of(address);
    Pod pod = owners.get(address);
    if (pod != null) {
      return new Endpoint.OfPod(pod, at);
    }
    String node = nodeAddresses.get(address);
    if (node != null) {
      return new Endpoint.OfNode(node, at);
    }
    boolean podNetwork =
        nodes.values().stream()
            .anyMatch(one -> one.podCidrs().stream().anyMatch(cidr -> cidr.contains(address)));
    return podNetwork ? new Endpoint.UnknownPod(at) : new Endpoint.Outside(at);
  }

  /// The addresses a pod owns: its own, minus those that another pod owns by now (S115 to S117).
  public List<Address> ownedBy(Pod pod) {
    List<Address> out = new ArrayList<>();
    for (Address address : pod.knownAddresses()) {
      if (pod.equals(owners.get(address))) {
        out.add(address);
      }
    }
    return out;
  }

  /// This snapshot with other pods; everything else stays.
  public Snapshot withPods(Collection<Pod> newPods) {
    return new Snapshot(
        namespaces.values(), nodes.values(), newPods, services.values(), slices.values());
  }

  /// This snapshot with other nodes; everything else stays.
  public Snapshot withNodes(Collection<Node> newNodes) {
    return new Snapshot(
        namespaces.values(), newNodes, pods.values(), services.values(), slices.values());
  }

  /// This snapshot with other Services; everything else stays.
  public Snapshot withServices(Collection<Service> newServices) {
    return new Snapshot(
        namespaces.values(), nodes.values(), pods.values(), newServices, slices.values());
  }
}
