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

  /// The pod it is; empty for a host outside.
  default Optional<Pod> asPod() {
    return switch (this) {
      case OfPod(var pod, var owned) -> Optional.of(pod);
      case OfHostPod(var pod, var shared, var free) -> Optional.of(pod);
      case OfHost(var host) -> Optional.empty();
    };
  }

  /// The name of the node it runs on; empty for a host outside.
  default Optional<String> node() {
    return asPod().flatMap(Pod::node);
  }

  /// Whether policies are about it: a pod of the pod network (S3, S101).
  default boolean isJudged() {
    return this instanceof OfPod;
  }

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

  /// A pod that shares its node's network: to policies it is the node (S101).
  ///
  /// @param addresses those of its node that it has, never empty
  /// @param ports those it declares, but for those that another such pod has on this node
  record OfHostPod(Pod pod, List<Address> addresses, List<ContainerPort> ports) implements End {
    public OfHostPod {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }

    @Override
    public String id() {
      return pod.id();
    }

    @Override
    public String group() {
      return pod.workload().id();
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
