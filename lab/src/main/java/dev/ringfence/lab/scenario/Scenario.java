package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// A whole small cluster: every pod has its node and its addresses, and the answers use them.
///
/// @param outside hosts outside the cluster, at least one
/// @param pods those that get a namespace of their own, by id
/// @param hostPods those that share their node's, by id
/// @param left pods that are not probed, and why
/// @param assigned what was given to whom; hand it in again to keep it
public record Scenario(
    Snapshot snapshot,
    Policies policies,
    List<OutsideHost> outside,
    List<End.OfPod> pods,
    List<End.OfHostPod> hostPods,
    List<Left> left,
    Assigned assigned) {
  /// Who is outside where the manifests name nobody.
  private static final OutsideHost SOMEBODY =
      new OutsideHost(
          "outside", List.of(Address.of("203.0.113.10"), Address.of("2001:db8::10")), List.of());

  public Scenario {
    outside = List.copyOf(outside);
    pods = List.copyOf(pods);
    hostPods = List.copyOf(hostPods);
    left = List.copyOf(left);
  }

  /// A pod that is not probed.
  ///
  /// @param why goes on after "not probed: "
  public record Left(Pod pod, String why) {}

  /// Gives what is missing.
  ///
  /// @param nodes how many to make where `snapshot` has none
  /// @throws ScenarioException if an address occurs twice, or a range has no room
  public static Scenario of(
      Snapshot snapshot,
      Policies policies,
      List<OutsideHost> outside,
      int nodes,
      Assigned remembered) {
    List<OutsideHost> hosts = outside.isEmpty() ? List.of(SOMEBODY) : outside;
    Set<Address> foreign = new HashSet<>();
    hosts.forEach(host -> foreign.addAll(host.addresses()));
    Set<Address> notForPods = new HashSet<>(foreign);
    snapshot.services().values().forEach(service -> notForPods.addAll(service.clusterIps()));
    SortedMap<String, Integer> numbers = NodePlan.numbered(snapshot, nodes, remembered.nodes());
    PodPlan plan = new PodPlan(remembered, notForPods);
    List<Pod> placed = plan.onNodes(snapshot.pods().values(), List.copyOf(numbers.keySet()));
    List<Node> filled = NodePlan.of(snapshot, numbers, count(placed), notForPods);
    Snapshot peopled = snapshot.withNodes(filled).withPods(plan.addressed(placed, filled));
    requireFree(peopled, hosts);
    ServicePlan services = new ServicePlan(remembered.services(), peopled, foreign);
    return sorted(
        peopled.withServices(services.complete()),
        policies,
        hosts,
        new Assigned(numbers, plan.places(), services.places()));
  }

  private static Map<String, Integer> count(List<Pod> placed) {
    Map<String, Integer> out = new HashMap<>();
    placed.forEach(pod -> pod.node().ifPresent(node -> out.merge(node, 1, Integer::sum)));
    return out;
  }

  private static void requireFree(Snapshot snapshot, List<OutsideHost> hosts) {
    Map<Address, String> owners = new HashMap<>();
    for (OutsideHost host : hosts) {
      for (Address address : host.addresses()) {
        String other = owners.putIfAbsent(address, host.name());
        if (other != null) {
          throw new ScenarioException(host.name() + " and " + other + " cannot both be " + address);
        }
        switch (snapshot.resolve(address)) {
          case Endpoint.OfPod(var pod, var at) ->
              throw new ScenarioException(
                  host.name() + " is outside and cannot have " + address + " of " + pod.id());
          case Endpoint.OfNode(var node, var at) ->
              throw new ScenarioException(
                  host.name() + " is outside and cannot have " + address + " of node/" + node);
          case Endpoint.UnknownPod(var at) ->
              throw new ScenarioException(
                  host.name() + " is outside, but " + address + " is in the pod network");
          case Endpoint.Outside(var at) -> {}
        }
      }
    }
  }

  private static Scenario sorted(
      Snapshot snapshot, Policies policies, List<OutsideHost> hosts, Assigned assigned) {
    List<End.OfPod> ends = new ArrayList<>();
    HostPorts hostPorts = new HostPorts(snapshot);
    List<Left> left = new ArrayList<>();
    for (Pod pod : snapshot.pods().values()) {
      List<Address> owned = snapshot.ownedBy(pod);
      if (pod.phase().finished()) {
        left.add(new Left(pod, "it is finished"));
      } else if (pod.hostNetwork()) {
        hostPorts.add(pod);
      } else if (owned.isEmpty()) {
        left.add(new Left(pod, "it has no address of its own"));
      } else {
        ends.add(new End.OfPod(pod, owned));
      }
    }
    left.addAll(hostPorts.left());
    return new Scenario(snapshot, policies, hosts, ends, hostPorts.ends(), left, assigned);
  }

  /// Every end that is probed: pods first, in their order, those of the nodes' network after the
  /// others, then the hosts outside.
  public List<End> ends() {
    List<End> out = new ArrayList<>(pods);
    out.addAll(hostPods);
    outside.forEach(host -> out.add(new End.OfHost(host)));
    return out;
  }
}
