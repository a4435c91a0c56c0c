package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Where a Service leads: a pod, and its own port (S105).
public record Backend(End end, Address address, int port) {
  /// Every pod behind a port of a Service over one family, in the order of their ids; each has its
  /// own number for a port that is named.
  static List<Backend> of(List<End> ends, Service service, ServicePort port, Family family) {
    List<Backend> out = new ArrayList<>();
    for (End end : ends) {
      end.asPod()
          .filter(service::selects)
          .ifPresent(pod -> {
            OptionalInt number = number(pod, port);
            end.address(family)
                .filter(address -> number.isPresent())
                .ifPresent(address -> out.add(new Backend(end, address, number.getAsInt())));
          });
    }
    return out;
  }

  /// Every pod behind a Service and its ports there, as `shop/pod/api-1:8081`, in the order of the
  /// ports and of the pods' ids.
  public static List<String> names(Scenario scenario, Service service) {
    Set<String> out = new LinkedHashSet<>();
    for (ServicePort port : service.ports()) {
      for (Family family : Family.values()) {
        of(scenario.ends(), service, port, family)
            .forEach(backend -> out.add(backend.end().id() + ":" + backend.port()));
      }
    }
    return List.copyOf(out);
  }

  private static OptionalInt number(Pod pod, ServicePort port) {
    return switch (port.target()) {
      case TargetPort.ByNumber(int number) -> OptionalInt.of(number);
      case TargetPort.ByName(String name) ->
          pod.ports().stream()
              .filter(one -> one.protocol() == port.protocol())
              .filter(one -> one.name().filter(name::equals).isPresent())
              .mapToInt(ContainerPort::number)
              .findFirst();
    };
  }
}
