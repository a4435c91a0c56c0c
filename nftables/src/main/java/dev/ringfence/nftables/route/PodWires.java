package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Finds the interface that a local pod's packets come in by: the route to the pod, or on a bridge
/// the port behind which the pod's link address was seen.
///
/// One look at one moment; in the hands of a [RouteWatch] it is kept at what the kernel tells
/// since.
public final class PodWires {
  private final Map<Integer, Link> links = new HashMap<>();
  private final Map<Address, Set<Route>> hosts = new HashMap<>();

  /// Routes to more than one address that need no router.
  private final Set<Route> direct = new LinkedHashSet<>();

  private final Map<Address, Map<Integer, Neighbour>> neighbours = new HashMap<>();
  private final Map<Bytes, Integer> ports = new HashMap<>();

  private PodWires(NetlinkSocket socket) {
    Links.all(socket).forEach(this::add);
    Routes.all(socket).forEach(this::add);
    Neighbours.all(socket).forEach(this::add);
    Neighbours.onBridges(socket).forEach(this::add);
  }

  /// Looks at the network namespace that the route socket was opened in.
  public static PodWires look(NetlinkSocket socket) {
    return new PodWires(socket);
  }

  /// Whether that was news, as with all of these.
  boolean add(Link link) {
    Link had = links.put(link.index(), link);
    boolean fell = had != null && had.up() && !link.up();
    if (fell) {
      forgetRoutes(link.index());
    }
    return !link.equals(had);
  }

  boolean remove(Link link) {
    forgetRoutes(link.index());
    return links.remove(link.index()) != null;
  }

  /// The kernel does not tell of each route that goes with its link.
  private void forgetRoutes(int link) {
    direct.removeIf(route -> route.link() == link);
    for (Set<Route> routes : hosts.values()) {
      routes.removeIf(route -> route.link() == link);
    }
  }

  boolean add(Route route) {
    if (route.gateway().isPresent()) {
      return false;
    }
    return route.destination().prefix() == route.destination().family().bits()
        ? hosts
            .computeIfAbsent(route.destination().network(), a -> new LinkedHashSet<>())
            .add(route)
        : direct.add(route);
  }

  boolean remove(Route route) {
    Set<Route> routes = hosts.get(route.destination().network());
    boolean host = routes != null && routes.remove(route);
    return direct.remove(route) || host;
  }

  boolean add(Neighbour one) {
    return !one.equals(
        neighbours.computeIfAbsent(one.address(), a -> new HashMap<>()).put(one.link(), one));
  }

  boolean remove(Neighbour one) {
    Map<Integer, Neighbour> had = neighbours.get(one.address());
    return had != null && had.remove(one.link()) != null;
  }

  boolean add(Neighbour.OnBridge one) {
    Integer had = ports.put(one.hardware(), one.port());
    return had == null || had != one.port();
  }

  boolean remove(Neighbour.OnBridge one) {
    return ports.remove(one.hardware(), one.port());
  }

  /// The interface of the pod that has this address; empty if nothing tells.
  public Optional<Wire> of(Address address) {
    Optional<Route> host = hosts.getOrDefault(address, Set.of()).stream().findFirst();
    if (host.isPresent() && !isBridge(host.get().link())) {
      // What the neighbour table says comes and goes, and on a routed wire nothing needs it.
      return wire(host.get().link(), Optional.empty());
    }
    boolean onBridge = host.isPresent() || isOnBridge(address);
    Optional<Bytes> hardware = hardware(address);
    Optional<Integer> port = hardware.map(ports::get);
    return onBridge && port.isPresent() ? wire(port.get(), hardware) : Optional.empty();
  }

  private boolean isOnBridge(Address address) {
    for (Route route : direct) {
      if (isBridge(route.link()) && route.destination().contains(address)) {
        return true;
      }
    }
    return false;
  }

  /// As its neighbours on a bridge know it, if there are any.
  private Optional<Bytes> hardware(Address address) {
    List<Neighbour> known = List.copyOf(neighbours.getOrDefault(address, Map.of()).values());
    return known.stream()
        .filter(one -> isBridge(one.link()))
        .findFirst()
        .or(() -> known.stream().findFirst())
        .map(Neighbour::hardware);
  }

  /// Whether that interface is still there, wired in that way.
  public boolean isThere(Wire wire) {
    return links.values().stream()
        .anyMatch(link ->
            link.name().equals(wire.interfaceName())
                && (wire.index() == 0 || wire.index() == link.index())
                && onBridge(link.master()) == wire.bridged());
  }

  private Optional<Wire> wire(int index, Optional<Bytes> hardware) {
    return Optional.ofNullable(links.get(index))
        .map(link -> new Wire(link.name(), index, onBridge(link.master()), hardware));
  }

  private boolean onBridge(OptionalInt master) {
    return master.isPresent() && isBridge(master.getAsInt());
  }

  private boolean isBridge(int index) {
    Link link = links.get(index);
    return link != null && link.isBridge();
  }
}
