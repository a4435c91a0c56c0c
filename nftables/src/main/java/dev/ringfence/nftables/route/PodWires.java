package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finds the interface that a local pod's packets come in by: the route to the pod, or on a bridge
/// the port behind which the pod's link address was seen. One look at one moment.
public final class PodWires {
  private final Map<Integer, Link> links;
  private final Map<Address, Route> hosts = new HashMap<>();
  private final List<Route> bridged;
  private final Map<Address, Neighbour> neighbours = new HashMap<>();
  private final Map<Bytes, Integer> ports = new HashMap<>();

  private PodWires(NetlinkSocket socket) {
    links = Links.all(socket).stream().collect(Collectors.toMap(Link::index, Function.identity()));
    List<Route> routes =
        Routes.all(socket).stream().filter(route -> route.gateway().isEmpty()).toList();
    for (Route route : routes) {
      if (route.destination().prefix() == route.destination().family().bits()) {
        hosts.putIfAbsent(route.destination().network(), route);
      }
    }
    bridged = routes.stream().filter(route -> isBridge(route.link())).toList();
    for (Neighbour one : Neighbours.all(socket)) {
      neighbours.merge(one.address(), one, (a, b) -> isBridge(a.link()) ? a : b);
    }
    Neighbours.onBridges(socket).forEach(one -> ports.put(one.hardware(), one.port()));
  }

  /// Looks at the network namespace that the route socket was opened in.
  public static PodWires look(NetlinkSocket socket) {
    return new PodWires(socket);
  }

  /// The interface of the pod that has this address; empty if nothing tells.
  public Optional<Wire> of(Address address) {
    Route host = hosts.get(address);
    Optional<Bytes> hardware =
        Optional.ofNullable(neighbours.get(address)).map(Neighbour::hardware);
    if (host != null && !isBridge(host.link())) {
      // What the neighbour table says comes and goes, and on a routed wire nothing needs it.
      return wire(host.link(), Optional.empty());
    }
    boolean onBridge =
        host != null || bridged.stream().anyMatch(route -> route.destination().contains(address));
    Optional<Integer> port = hardware.map(ports::get);
    return onBridge && port.isPresent() ? wire(port.get(), hardware) : Optional.empty();
  }

  /// Whether an interface of that name is still there, wired in that way.
  public boolean isThere(Wire wire) {
    return links.values().stream()
        .anyMatch(link ->
            link.name().equals(wire.interfaceName()) && onBridge(link.master()) == wire.bridged());
  }

  private Optional<Wire> wire(int index, Optional<Bytes> hardware) {
    return Optional.ofNullable(links.get(index))
        .map(link -> new Wire(link.name(), onBridge(link.master()), hardware));
  }

  private boolean onBridge(OptionalInt master) {
    return master.isPresent() && isBridge(master.getAsInt());
  }

  private boolean isBridge(int index) {
    Link link = links.get(index);
    return link != null && link.isBridge();
  }
}
