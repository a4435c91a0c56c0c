package dev.ringfence.core.cluster;

import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Where a Service's address leads: policies judge the pod and its target port (S105).
final class Backends {
  private Backends() {}

  record Backend(Pod pod, OptionalInt port) {}

  /// Every pod behind this port of the Service, in the order of names.
  static List<Backend> of(
      Service service, Address address, Snapshot now, Protocol protocol, OptionalInt port)
      throws Ends.Unknown {
    if (port.isEmpty()) {
      throw new Ends.Unknown("a Service address answers TCP, UDP and SCTP only");
    }
    Service.ServicePort asked =
        service.ports().stream()
            .filter(one -> one.protocol() == protocol && one.port() == port.getAsInt())
            .findFirst()
            .orElseThrow(() ->
                new Ends.Unknown(
                    "service "
                        + service.name()
                        + " has no port "
                        + port.getAsInt()
                        + "/"
                        + protocol));
    List<Backend> out = new ArrayList<>();
    for (Pod pod : now.pods().values()) {
      boolean reachable =
          pod.knownAddresses().isEmpty() || pod.address(address.family()).isPresent();
      if (service.selects(pod) && pod.counts() && reachable) {
        target(asked.target(), pod, protocol).ifPresent(to -> out.add(backend(pod, to)));
      }
    }
    if (out.isEmpty()) {
      throw new Ends.Unknown("service " + service.name() + " has no backends");
    }
    return out;
  }

  private static Backend backend(Pod pod, int port) {
    return new Backend(pod, OptionalInt.of(port));
  }

  private static OptionalInt target(TargetPort target, Pod pod, Protocol protocol) {
    return switch (target) {
      case TargetPort.ByNumber(int port) -> OptionalInt.of(port);
      case TargetPort.ByName(String name) ->
          pod.ports().stream()
              .filter(port -> port.protocol() == protocol)
              .filter(port -> port.name().filter(name::equals).isPresent())
              .mapToInt(ContainerPort::number)
              .findFirst();
    };
  }
}
