package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Service as far as names and backends need it; policies match backends, never the VIP (S105).
///
/// @param clusterIps empty for a headless one, and where the manifest has none
/// @param selector absent where endpoints are kept by hand
public record Service(
    ObjectName name,
    String type,
    List<Address> clusterIps,
    Optional<Map<String, String>> selector,
    List<ServicePort> ports,
    Access access) {
  public Service {
    clusterIps = List.copyOf(clusterIps);
    selector = selector.map(Map::copyOf);
    ports = List.copyOf(ports);
  }

  /// One with [Access#USUAL].
  public Service(
      ObjectName name,
      String type,
      List<Address> clusterIps,
      Optional<Map<String, String>> selector,
      List<ServicePort> ports) {
    this(name, type, clusterIps, selector, ports, Access.USUAL);
  }

  /// How it is found and entered.
  ///
  /// @param headless it has no address of its own: its name stands for its pods (S110)
  /// @param families of the addresses it should get where its manifest has none
  /// @param localOnly what comes in by a node's port stays on that node and keeps its source
  ///   (`externalTrafficPolicy: Local`)
  /// @param insideLocalOnly what pods send stays on their node (`internalTrafficPolicy: Local`)
  /// @param sticky each client keeps its backend (`sessionAffinity: ClientIP`)
  /// @param externalName the name it is another name for
  public record Access(
      boolean headless,
      List<Family> families,
      boolean localOnly,
      boolean insideLocalOnly,
      boolean sticky,
      Optional<String> externalName) {
    public static final Access USUAL =
        new Access(false, List.of(Family.IPV4, Family.IPV6), false, false, false, Optional.empty());

    public Access {
      families = List.copyOf(families);
    }
  }

  /// `namespace/service/name`.
  public String id() {
    return name.namespace() + "/service/" + name.name();
  }

  /// Whether its type gives each port one on every node as well.
  public boolean hasNodePorts() {
    return type.equals("NodePort") || type.equals("LoadBalancer");
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
