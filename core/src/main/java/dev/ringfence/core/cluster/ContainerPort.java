package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Protocol;
import java.util.Optional;

/// A port that a container or sidecar declares (S67); `hostPort` never counts (S68).
public record ContainerPort(Optional<String> name, Protocol protocol, int number) {
  public static ContainerPort named(String name, Protocol protocol, int number) {
    return new ContainerPort(Optional.of(name), protocol, number);
  }
}
