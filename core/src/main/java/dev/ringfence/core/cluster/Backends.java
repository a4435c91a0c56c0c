package dev.ringfence.core.cluster;

import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Where a Service's address leads: policies judge the pod and its target port (S105).
final class Backends {
  private Backends() {}

  /// Who it is, and on which port.
  sealed interface Backend {
    int port();

    record OfPod(Pod pod, int port) implements Backend {}

    /// Whoever has the address: an EndpointSlice names no more.
    record OfAddress(Address address, int port) implements Backend {}
  }

  /// Every pod behind this port of the Service, in the order of names; one on its node's network
  /// stands for its node (S101), unless it is asked about as a pod of its own.
  static List<Backend> of(End.OfService asked, Snapshot now, Protocol protocol, OptionalInt port)
      throws Ends.Unknown {
    Service service = asked.service();
    if (port.isEmpty()) {
      throw new Ends.Unknown("a Service address answers TCP, UDP and SCTP only");
    }
    Service.ServicePort dialled = port(service, protocol, port.getAsInt());
    List<Backend> out = new ArrayList<>();
    out.addAll(written(asked, dialled, now));
    for (Pod pod : now.pods().values()) {
      if (service.selects(pod) && isThere(pod) && reachable(pod, asked.address(), now)) {
        Pod shown = asked.hostNetworkAsPods() ? pod.onPodNetwork() : pod;
        target(dialled.target(), pod, protocol)
            .ifPresent(to -> out.add(new Backend.OfPod(shown, to)));
      }
    }
    if (out.isEmpty()) {
      throw new Ends.Unknown("service " + service.name() + " has no backends" + whyNot(service));
    }
    return out;
  }

  private static boolean isThere(Pod pod) {
    return pod.hostNetwork() ? !pod.phase().finished() : pod.counts();
  }

  private static boolean reachable(Pod pod, Optional<Address> dialled, Snapshot now) {
    List<Address> known = addresses(pod, now);
    return known.isEmpty()
        || dialled.isEmpty()
        || known.stream().anyMatch(one -> one.family() == dialled.get().family());
  }

  /// The pod's own, or for one on its node's network without any those of its node.
  static List<Address> addresses(Pod pod, Snapshot now) {
    return pod.hostNetwork() && pod.knownAddresses().isEmpty()
        ? pod.node()
            .flatMap(name -> Optional.ofNullable(now.nodes().get(name)))
            .map(Node::addresses)
            .orElse(List.of())
        : pod.knownAddresses();
  }

  private static String whyNot(Service service) {
    return service
        .access()
        .externalName()
        .map(name -> ": it is another name for " + name)
        .or(() ->
            service.selector().isEmpty()
                ? Optional.of(
                    ": it has no selector, and no EndpointSlice in the input names who is behind it")
                : Optional.empty())
        .orElse("");
  }

  private static Service.ServicePort port(Service service, Protocol protocol, int number)
      throws Ends.Unknown {
    return service.ports().stream()
        .filter(one -> one.protocol() == protocol && one.port() == number)
        .findFirst()
        .orElseThrow(() ->
            new Ends.Unknown(
                "service " + service.name() + " has no port " + number + "/" + protocol));
  }

  /// Those that EndpointSlices name behind a Service without selector.
  private static List<Backend> written(
      End.OfService asked, Service.ServicePort dialled, Snapshot now) {
    List<Backend> out = new ArrayList<>();
    for (EndpointSlice slice : of(asked.service(), now)) {
      for (EndpointSlice.Port port : slice.ports()) {
        if (port.protocol() == dialled.protocol() && port.name().equals(dialled.name())) {
          slice.ready().stream()
              .filter(one ->
                  asked.address().isEmpty() || asked.address().get().family() == one.family())
              .forEach(one -> out.add(new Backend.OfAddress(one, port.port())));
        }
      }
    }
    return out;
  }

  /// The slices of a Service without selector; a controller's repeat what the selector says.
  static List<EndpointSlice> of(Service service, Snapshot now) {
    return service.selector().isPresent() || service.access().externalName().isPresent()
        ? List.of()
        : now.slices().values().stream()
            .filter(slice -> slice.of().equals(service.name()))
            .toList();
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
