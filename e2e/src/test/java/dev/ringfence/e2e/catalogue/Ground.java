package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.Town;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.lab.services.ServiceTables;
import dev.ringfence.nftables.table.DataplaneOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The namespaces in which all cases are played, programmed as a node programs itself.
final class Ground implements AutoCloseable {
  private static final List<Integer> HEARD =
      List.of(
          Packets.ICMP, Packets.TCP, Packets.UDP, Packets.ICMPV6, Packets.SCTP, Packets.EXPERIMENT);

  private final Town town;
  private final ServiceTables services;
  private final Map<Address, Place> places = new HashMap<>();
  private final Place outside;
  private final Set<Space> withHostPorts = new HashSet<>();
  private boolean servicesStand;

  /// Where an address lives, and who hears what arrives there.
  record Place(Space space, Ear ear) {}

  Ground() throws Exception {
    town =
        Town.of(
            Everybody.scenario(),
            DataplaneOptions.STANDARD,
            (instance, scenario) -> new Topology(instance).build(scenario));
    services = new ServiceTables(town.instance());
    for (End.OfPod pod : town.scenario().pods()) {
      Space space = town.pod(pod.pod().name().name());
      settle(pod.addresses(), new Place(space, Ear.atWires(space)));
    }
    for (Node node : town.scenario().snapshot().nodes().values()) {
      Space space = town.node(node.name());
      settle(node.addresses(), new Place(space, Ear.behindRules(space, HEARD)));
    }
    outside = new Place(town.outside(), Ear.atWires(town.outside()));
  }

  private void settle(List<Address> addresses, Place place) {
    addresses.forEach(address -> places.put(address, place));
  }

  /// Who hears this address; everybody unknown lives outside.
  Place at(Address address) {
    return places.getOrDefault(address, outside);
  }

  Space outside() {
    return outside.space();
  }

  /// An address of the node, also one that the case does not speak of.
  Address ofNode(String name, Family family) {
    Node node = town.scenario().snapshot().nodes().get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node " + name);
    }
    return node.addresses().stream()
        .filter(one -> one.family() == family)
        .findFirst()
        .orElseThrow();
  }

  /// Changes every node from whatever it enforces to this.
  void enforce(CompiledPolicy compiled) throws Exception {
    town.enforce(compiled, true);
  }

  /// Takes every table away but those of Services.
  void enforceNothing() throws Exception {
    town.enforceNothing();
  }

  /// Makes the Services of this moment those of every node, and leaves no host port.
  Aim serve(Loaded now) throws Exception {
    withHostPorts.forEach(node -> node.feed("delete table inet rf-host-ports", "nft", "-f", "-"));
    withHostPorts.clear();
    boolean wanted = !now.snapshot().services().isEmpty();
    List<Door> doors = List.of();
    if (servicesStand || wanted) {
      Scenario scenario =
          Scenario.of(now.snapshot(), now.policies(), List.of(), 1, Assigned.NOTHING);
      services.apply(scenario);
      doors = Door.all(scenario);
      servicesStand = wanted;
    }
    return new Aim(this, now.snapshot(), doors);
  }

  /// Leads a port of a node to a pod, as the plugin for host ports does it.
  void hostPort(Endpoint.OfNode node, int port, Address pod, int podPort) {
    String ip = pod.family() == Family.IPV4 ? "ip" : "ip6";
    String to = pod.family() == Family.IPV4 ? pod.toString() : "[" + pod + "]";
    Space space = town.node(node.node());
    space.feed(
        """
        table inet rf-host-ports {
          chain prerouting {
            type nat hook prerouting priority dstnat;
            %1$s daddr %2$s tcp dport %3$d dnat %1$s to %4$s:%5$d
          }
        }
        """
            .formatted(ip, node.address().orElseThrow(), port, to, podPort),
        "nft",
        "-f",
        "-");
    withHostPorts.add(space);
  }

  /// Forgets what was heard.
  void forget() {
    places.values().stream().map(Place::ear).distinct().forEach(Ear::forget);
    outside.ear().forget();
  }

  @Override
  public void close() throws IOException {
    places.values().stream().map(Place::ear).distinct().forEach(Ear::close);
    outside.ear().close();
    town.close();
  }
}
