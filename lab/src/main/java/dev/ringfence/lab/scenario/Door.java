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
/// @param backends everybody behind it; nobody may be there
public record Door(
    Service service,
    Protocol protocol,
    Address address,
    int number,
    Optional<Node> node,
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
        Backend.of(ends, service, port, address.family()));
  }

  private static Door onNode(
      List<End> ends, Service service, ServicePort port, Node node, Address address) {
    return new Door(
        service,
        port.protocol(),
        address,
        port.nodePort().orElseThrow(),
        Optional.of(node),
        Backend.of(ends, service, port, address.family()));
  }

  /// Whether backends see who opened it, not the node that passed it on (S108).
  public boolean keepsSource() {
    return node.isEmpty() || service.access().localOnly();
  }

  /// Whom a client gets to. What is for a Service's own address is passed on by the client's node,
  /// what is for a node's by that node; where a traffic policy is `Local`, only to its own pods,
  /// but a node's own clients count as inside, and `externalTrafficPolicy` is not about them.
  ///
  /// @param client the node a client is on; empty for one outside
  public List<Backend> backends(Optional<String> client) {
    Optional<String> passing = node.map(Node::name).or(() -> client);
    boolean local =
        node.isPresent()
            ? service.access().localOnly() && !passing.equals(client)
            : service.access().insideLocalOnly();
    return local
        ? backends.stream().filter(one -> one.end().node().equals(passing)).toList()
        : backends;
  }

  /// Who of these gets what.
  public Spread spread(List<Backend> some) {
    return new Spread(some.size(), service.access().sticky());
  }
}
