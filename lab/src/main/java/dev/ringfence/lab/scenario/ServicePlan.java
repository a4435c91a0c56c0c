package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Gives Services the addresses and node ports that their manifests leave open, by their names as
/// [PodPlan] does.
final class ServicePlan {
  private static final Cidr RANGE_4 = Cidr.of("10.96.0.0/16");
  private static final Cidr RANGE_6 = Cidr.of("fd96::/112");
  private static final int FIRST_HOST = 2;
  private static final int HOSTS = 65_000;
  private static final int FIRST_NODE_PORT = 30_000;
  private static final int NODE_PORTS = 2_768;

  private final SortedMap<String, Assigned.ServicePlace> remembered;
  private final Snapshot cluster;
  private final Set<Address> foreign;
  private final Map<Address, Service> owners = new HashMap<>();
  private final Map<String, Service> nodePorts = new HashMap<>();
  private final SortedMap<String, Assigned.ServicePlace> places = new TreeMap<>();

  /// @param cluster whose pods and nodes have their addresses
  /// @param foreign addresses of hosts outside
  ServicePlan(
      SortedMap<String, Assigned.ServicePlace> remembered,
      Snapshot cluster,
      Collection<Address> foreign) {
    this.remembered = remembered;
    this.cluster = cluster;
    this.foreign = new HashSet<>(foreign);
  }

  SortedMap<String, Assigned.ServicePlace> places() {
    return places;
  }

  /// Every Service, complete.
  ///
  /// @throws ScenarioException if an address or a node port that is written belongs to another
  List<Service> complete() {
    Collection<Service> services = cluster.services().values();
    services.forEach(this::claimWritten);
    services.forEach(this::claimRemembered);
    List<Service> out = new ArrayList<>();
    for (Service service : services) {
      List<Address> addresses = addresses(service);
      SortedMap<String, Integer> given = new TreeMap<>();
      List<ServicePort> ports =
          service.ports().stream().map(port -> withNodePort(service, port, given)).toList();
      out.add(
          new Service(
              service.name(),
              service.type(),
              addresses,
              service.selector(),
              ports,
              service.access()));
      List<String> fresh =
          service.clusterIps().isEmpty()
              ? addresses.stream().map(Address::toString).toList()
              : List.of();
      places.put(service.id(), new Assigned.ServicePlace(fresh, given));
    }
    return out;
  }

  private void claimWritten(Service service) {
    for (Address address : service.clusterIps()) {
      Service other = owners.putIfAbsent(address, service);
      String owner = other == null ? ownerOf(address) : other.id();
      if (!owner.isEmpty()) {
        throw new ScenarioException(
            service.id() + " cannot have " + address + ", which belongs to " + owner);
      }
    }
    for (ServicePort port : service.ports()) {
      if (service.hasNodePorts() && port.nodePort().isPresent()) {
        Service other = nodePorts.putIfAbsent(onNode(port, port.nodePort().get()), service);
        if (other != null) {
          throw new ScenarioException(
              service.id()
                  + " cannot have the node port "
                  + onNode(port, port.nodePort().get())
                  + ", which belongs to "
                  + other.id());
        }
      }
    }
  }

  private String ownerOf(Address address) {
    if (foreign.contains(address)) {
      return "a host outside";
    }
    return switch (cluster.resolve(address)) {
      case Endpoint.OfPod(var pod, var at) -> pod.id();
      case Endpoint.OfNode(var node, var at) -> "node/" + node;
      case Endpoint.UnknownPod(var at) -> "the pod network";
      case Endpoint.Outside(var at) -> "";
    };
  }

  /// Whoever had an address before keeps it from those that come new.
  private void claimRemembered(Service service) {
    Assigned.ServicePlace before = remembered.get(service.id());
    if (before == null) {
      return;
    }
    if (wantsAddresses(service)) {
      for (String text : before.addresses()) {
        Address address = Address.of(text);
        if (ownerOf(address).isEmpty()) {
          owners.putIfAbsent(address, service);
        }
      }
    }
    for (ServicePort port : service.ports()) {
      Integer number = before.nodePorts().get(name(port));
      if (service.hasNodePorts() && port.nodePort().isEmpty() && number != null) {
        nodePorts.putIfAbsent(onNode(port, number), service);
      }
    }
  }

  private static boolean wantsAddresses(Service service) {
    return service.clusterIps().isEmpty()
        && !service.access().headless()
        && service.access().externalName().isEmpty();
  }

  private List<Address> addresses(Service service) {
    if (!wantsAddresses(service)) {
      return service.clusterIps();
    }
    List<Address> out = new ArrayList<>();
    for (Family family : service.access().families()) {
      out.add(before(service, family).orElseGet(() -> free(service, family)));
    }
    return out;
  }

  private Optional<Address> before(Service service, Family family) {
    return Optional.ofNullable(remembered.get(service.id())).stream()
        .flatMap(place -> place.addresses().stream())
        .map(Address::of)
        .filter(address -> address.family() == family && service.equals(owners.get(address)))
        .findFirst();
  }

  private Address free(Service service, Family family) {
    Cidr range = family == Family.IPV4 ? RANGE_4 : RANGE_6;
    long first = NameHash.of(service.id()) % HOSTS;
    for (int i = 0; i < HOSTS; i++) {
      Address network = range.first();
      Address address =
          new Address(family, network.high(), network.low() + FIRST_HOST + (first + i) % HOSTS);
      if (ownerOf(address).isEmpty() && owners.putIfAbsent(address, service) == null) {
        return address;
      }
    }
    throw new ScenarioException("no free address left in " + range + " for " + service.id());
  }

  private ServicePort withNodePort(
      Service service, ServicePort port, SortedMap<String, Integer> given) {
    if (!service.hasNodePorts()) {
      return withNodePort(port, Optional.empty());
    }
    if (port.nodePort().isPresent()) {
      return port;
    }
    int number = nodePort(service, port);
    given.put(name(port), number);
    return withNodePort(port, Optional.of(number));
  }

  private static ServicePort withNodePort(ServicePort port, Optional<Integer> number) {
    return new ServicePort(port.name(), port.protocol(), port.port(), port.target(), number);
  }

  private int nodePort(Service service, ServicePort port) {
    Assigned.ServicePlace place = remembered.get(service.id());
    Integer before = place == null ? null : place.nodePorts().get(name(port));
    if (before != null && service.equals(nodePorts.get(onNode(port, before)))) {
      return before;
    }
    long first = NameHash.of(service.id() + " " + name(port)) % NODE_PORTS;
    for (int i = 0; i < NODE_PORTS; i++) {
      int number = FIRST_NODE_PORT + (int) ((first + i) % NODE_PORTS);
      if (nodePorts.putIfAbsent(onNode(port, number), service) == null) {
        return number;
      }
    }
    throw new ScenarioException("no free node port left for " + service.id());
  }

  private static String name(ServicePort port) {
    return port.port() + "/" + port.protocol();
  }

  private static String onNode(ServicePort port, int number) {
    return number + "/" + port.protocol();
  }
}
