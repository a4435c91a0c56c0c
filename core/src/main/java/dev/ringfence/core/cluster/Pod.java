package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pod as far as policies can see it.
///
/// @param uid empty where the manifest has none
/// @param node `spec.nodeName`, empty while it is not scheduled
/// @param startTime `status.startTime`; of two pods with one address the later owns it (S116)
/// @param ports of containers and sidecars, unnamed ones included
public record Pod(
    ObjectName name,
    String uid,
    Map<String, String> labels,
    Optional<String> node,
    boolean hostNetwork,
    PodAddresses addresses,
    Phase phase,
    Optional<Instant> startTime,
    List<ContainerPort> ports,
    Workload workload) {
  public Pod {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }

  public String namespace() {
    return name.namespace();
  }

  /// Whether it counts as subject and as peer: on the pod network, not finished, with an address or
  /// with one nobody knows (S112).
  public boolean counts() {
    return !hostNetwork
        && !phase.finished()
        && switch (addresses) {
          case PodAddresses.Known(var all) -> !all.isEmpty();
          case PodAddresses.Unknown() -> true;
        };
  }

  /// The addresses that are known, in the order of `podIPs`.
  public List<Address> knownAddresses() {
    return switch (addresses) {
      case PodAddresses.Known(var all) -> all;
      case PodAddresses.Unknown() -> List.of();
    };
  }

  /// The first known address of this family.
  public Optional<Address> address(Family family) {
    return knownAddresses().stream().filter(one -> one.family() == family).findFirst();
  }

  /// Whether the pod declares this number under this name for this protocol (S60, S66).
  public boolean declares(String portName, Protocol protocol, int number) {
    return ports.stream()
        .anyMatch(port ->
            port.number() == number
                && port.protocol() == protocol
                && port.name().filter(portName::equals).isPresent());
  }

  /// `namespace/pod/name` (formats.md).
  public String id() {
    return name.namespace() + "/pod/" + name.name();
  }

  public Pod withNode(String newNode) {
    return new Pod(
        name,
        uid,
        labels,
        Optional.of(newNode),
        hostNetwork,
        addresses,
        phase,
        startTime,
        ports,
        workload);
  }

  public Pod withAddresses(List<Address> all) {
    return new Pod(
        name,
        uid,
        labels,
        node,
        hostNetwork,
        new PodAddresses.Known(all),
        phase,
        startTime,
        ports,
        workload);
  }

  /// This pod as if it were on the pod network, for networks that tell hostNetwork pods apart
  /// (S101).
  public Pod onPodNetwork() {
    return new Pod(name, uid, labels, node, false, addresses, phase, startTime, ports, workload);
  }
}
