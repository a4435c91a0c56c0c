package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Optional;

/// Who is behind a Service, as somebody wrote it by hand: of interest where the Service has no
/// selector.
///
/// @param service name of the Service in the same namespace; empty where the slice belongs to none
/// @param ready addresses of those endpoints that are ready, whoever has them
/// @param ports each of them has
public record EndpointSlice(
    ObjectName name, String service, List<Address> ready, List<Port> ports) {
  public EndpointSlice {
    ready = List.copyOf(ready);
    ports = List.copyOf(ports);
  }

  /// One port of every endpoint.
  ///
  /// @param name that of the Service's port which leads here; empty for its only one
  public record Port(Optional<String> name, Protocol protocol, int port) {}

  /// The Service it belongs to.
  public ObjectName of() {
    return new ObjectName(name.namespace(), service);
  }
}
