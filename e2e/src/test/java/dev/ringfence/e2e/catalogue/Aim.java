package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cases.Asked;
import dev.ringfence.core.cases.What;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.lab.scenario.Backend;
import dev.ringfence.lab.scenario.Door;
import java.util.List;
import java.util.Optional;

/// Makes the packets of probes, at one moment of a case.
///
/// @param doors the ways into its Services
record Aim(Ground ground, Snapshot now, List<Door> doors) {
  private static int clientPort = 10_000;

  Aim {
    doors = List.copyOf(doors);
  }

  /// The packet of a probe.
  Sent at(Asked asked) {
    Family family = asked.what() == What.SOLICITATION ? Family.IPV6 : asked.family(now);
    Address source = address(asked.from(), family, asked);
    Address target = address(asked.to(), family, asked);
    Ground.Place from = ground.at(source);
    boolean loopback = target.equals(Address.of("::1")) || target.toString().startsWith("127.");
    Ground.Place to = loopback ? from : ground.at(target);
    Address dialled = target;
    int port = asked.port();
    int client = nextClientPort();
    if (asked.via().isPresent()) {
      Asked.Via via = asked.via().get();
      dialled = Asked.address(via.at(), family, now);
      port = via.port();
      if (via.hostPort()) {
        ground.hostPort((Endpoint.OfNode) now.resolve(dialled), port, target, asked.port());
      } else {
        client = clientPort(door(dialled, port), source, target);
      }
    }
    return new Sent(
        asked,
        from.space(),
        to.ear(),
        loopback ? target : source,
        dialled,
        port,
        client,
        Mark.next());
  }

  /// Neighbours ask over IPv6, whichever addresses the case gives a node.
  private Address address(String end, Family family, Asked asked) {
    return asked.what() == What.SOLICITATION && now.nodes().containsKey(end)
        ? ground.ofNode(end, family)
        : Asked.address(end, family, now);
  }

  private Door door(Address address, int port) {
    return doors.stream()
        .filter(door -> door.address().equals(address) && door.number() == port)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no Service at " + address + " " + port));
  }

  /// One that leads to this backend.
  private int clientPort(Door door, Address source, Address backend) {
    List<Backend> all = door.backends(node(now.resolve(source)));
    for (int i = 0; i < door.spread(all).slots() * 4; i++) {
      int port = nextClientPort();
      if (all.get(door.spread(all).backendOf(source, port)).address().equals(backend)) {
        return port;
      }
    }
    throw new IllegalArgumentException(door + " does not lead to " + backend);
  }

  private static Optional<String> node(Endpoint client) {
    return switch (client) {
      case Endpoint.OfPod(var pod, var at) -> pod.node();
      case Endpoint.OfNode(var node, var at) -> Optional.of(node);
      case Endpoint.UnknownPod(var at) -> Optional.empty();
      case Endpoint.Outside(var at) -> Optional.empty();
    };
  }

  private static synchronized int nextClientPort() {
    clientPort = clientPort == 60_000 ? 10_000 : clientPort + 1;
    return clientPort;
  }
}
