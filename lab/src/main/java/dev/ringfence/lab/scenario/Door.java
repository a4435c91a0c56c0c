package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a Service is entered: one port of one address.
///
/// @param number the port that clients dial
/// @param node whose address it is; empty for the Service's own, which every node knows
/// @param keepsSource backends see who opened it, not the node that passed it on (S108)
/// @param backends whom it leads to; nobody may be there
public record Door(
    Service service,
    Protocol protocol,
    Address address,
    int number,
    Optional<Node> node,
    boolean keepsSource,
    List<Backend> backends) {
  public Door {
    backends = List.copyOf(backends);
  }

  /// Every door of the scenario: of each Service its own addresses, then each node's.
  public static List<Door> all(Scenario scenario) {
    List<Door> out = new ArrayList<>();
    List<End> ends = scenario.ends();
    for (Service service : scenario.snapshot().services().values()) {
      for (ServicePort port : service.ports()) {
        service.clusterIps().forEach(address -> out.add(own(ends, service, port, address)));
      }
      for (ServicePort port : service.ports()) {
        port.nodePort()
            .ifPresent(number -> {
              for (Node node : scenario.snapshot().nodes().values()) {
                node.addresses()
                    .forEach(address -> out.add(onNode(ends, service, port, node, address)));
              }
            });
      }
    }
    return out;
  }

  private static Door own(List<End> ends, Service service, ServicePort port, Address address) {
    return new Door(
        service,
        port.protocol(),
        address,
        port.port(),
        Optional.empty(),
        true,
        Backend.of(ends, service, port, address.family()));
  }

  private static Door onNode(
      List<End> ends, Service service, ServicePort port, Node node, Address address) {
    boolean local = service.access().localOnly();
    List<Backend> backends =
        Backend.of(ends, service, port, address.family()).stream()
            .filter(one -> !local || one.end().node().filter(node.name()::equals).isPresent())
            .toList();
    return new Door(
        service,
        port.protocol(),
        address,
        port.nodePort().orElseThrow(),
        Optional.of(node),
        local,
        backends);
  }

  /// Who gets which backend; only where there is one.
  public Spread spread() {
    return new Spread(backends.size());
  }
}
