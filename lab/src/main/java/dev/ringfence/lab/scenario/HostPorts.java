package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shares a node's ports among the hostNetwork pods on it: of two that want one, the first by name
/// has it.
final class HostPorts {
  private final Snapshot snapshot;
  private final Map<Taken, Pod> owners = new HashMap<>();
  private final List<End.OfHostPod> ends = new ArrayList<>();
  private final List<Scenario.Left> left = new ArrayList<>();

  private record Taken(String node, Protocol protocol, int number) {}

  HostPorts(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  List<End.OfHostPod> ends() {
    return ends;
  }

  /// Pods and ports that cannot be had, and why.
  List<Scenario.Left> left() {
    return left;
  }

  void add(Pod pod) {
    Node node = pod.node().map(name -> snapshot.nodes().get(name)).orElse(null);
    List<Address> addresses =
        node == null
            ? List.of()
            : pod.knownAddresses().stream().filter(node.addresses()::contains).toList();
    if (node == null || addresses.isEmpty()) {
      left.add(new Scenario.Left(pod, "it is on its node's network, but has no address of it"));
      return;
    }
    List<ContainerPort> free = new ArrayList<>();
    for (ContainerPort port : pod.ports()) {
      Pod other = owners.putIfAbsent(new Taken(node.name(), port.protocol(), port.number()), pod);
      if (other == null || other.equals(pod)) {
        free.add(port);
      } else {
        left.add(
            new Scenario.Left(
                pod,
                "its port "
                    + port.number()
                    + "/"
                    + port.protocol()
                    + " on "
                    + node.name()
                    + " is taken by "
                    + other.id()));
      }
    }
    ends.add(new End.OfHostPod(pod, addresses, free));
  }
}
