package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.List;
import java.util.Optional;

/// Whoever sends or receives in the lab: it has a namespace, addresses and listeners.
public sealed interface End {
  /// `namespace/pod/name`, or the name of a host outside.
  String id();

  /// What it is counted under: its workload's id, or the name of a host outside.
  String group();

  List<Address> addresses();

  /// Ports it declares; each has a listener.
  List<ContainerPort> ports();

  /// The first address of this family.
  default Optional<Address> address(Family family) {
    return addresses().stream().filter(one -> one.family() == family).findFirst();
  }

  /// A pod of the pod network.
  ///
  /// @param addresses those it owns (S115 to S117), never empty
  record OfPod(Pod pod, List<Address> addresses) implements End {
    public OfPod {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String id() {
      return pod.id();
    }

    @Override
    public String group() {
      return pod.workload().id();
    }

    @Override
    public List<ContainerPort> ports() {
      return pod.ports();
    }
  }

  /// A host outside the cluster.
  record OfHost(OutsideHost host) implements End {
    @Override
    public String id() {
      return host.name();
    }

    @Override
    public String group() {
      return host.name();
    }

    @Override
    public List<Address> addresses() {
      return host.addresses();
    }

    @Override
    public List<ContainerPort> ports() {
      return host.ports();
    }
  }
}
