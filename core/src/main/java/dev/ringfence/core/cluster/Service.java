package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Service as far as names and backends need it; policies match backends, never the VIP (S105).
///
/// @param clusterIps empty for a headless one
/// @param selector absent where endpoints are kept by hand
public record Service(
    ObjectName name,
    String type,
    List<Address> clusterIps,
    Optional<Map<String, String>> selector,
    List<ServicePort> ports) {
  public Service {
    clusterIps = List.copyOf(clusterIps);
    selector = selector.map(Map::copyOf);
    ports = List.copyOf(ports);
  }

  /// One port of the Service.
  ///
  /// @param target the port of the backend: a number, or a name that each backend resolves
  /// @param nodePort absent unless the type gives one
  public record ServicePort(
      Optional<String> name,
      Protocol protocol,
      int port,
      TargetPort target,
      Optional<Integer> nodePort) {}

  /// `targetPort` as written or defaulted.
  public sealed interface TargetPort {
    record ByNumber(int port) implements TargetPort {}

    record ByName(String name) implements TargetPort {}
  }

  /// Whether its selector picks this pod; a Service without selector picks none.
  public boolean selects(Pod pod) {
    return pod.namespace().equals(name.namespace())
        && selector
            .filter(pairs -> pod.labels().entrySet().containsAll(pairs.entrySet()))
            .isPresent();
  }
}
