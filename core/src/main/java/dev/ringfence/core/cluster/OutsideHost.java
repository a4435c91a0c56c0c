package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import java.util.List;

/// A host outside the cluster that a lab scenario names; policies see only its addresses.
public record OutsideHost(String name, List<Address> addresses, List<ContainerPort> ports) {
  public OutsideHost {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }
}
