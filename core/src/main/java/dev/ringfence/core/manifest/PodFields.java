package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.ContainerPort;
import java.util.List;
import java.util.Optional;

/// What a pod's `spec` says, in a Pod or in a template.
record PodFields(Optional<String> node, boolean hostNetwork, List<ContainerPort> ports) {
  PodFields {
    ports = List.copyOf(ports);
  }
}
