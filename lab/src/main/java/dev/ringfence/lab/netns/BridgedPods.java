package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.End;
import java.util.ArrayList;
import java.util.List;

/// The pods of a node on one bridge: they reach each other past the node's routing, and the node
/// knows by the bridge's tables who is behind which port.
record BridgedPods(Instance instance) implements PodWiring {
  private static final String BRIDGE = "br0";

  @Override
  public void prepare(Node node, IpBatch batch) {
    // With an address of its own it does not take a port's: that would make it forget who is where.
    batch.add(
        "link add "
            + BRIDGE
            + " address "
            + Instance.hardware("node/" + node.name())
            + " type bridge mcast_snooping 0");
    batch.add("addr add " + Topology.POD_GATEWAY_4 + "/32 dev " + BRIDGE + " scope link");
    batch.add("addr add " + Topology.POD_GATEWAY_6 + "/64 dev " + BRIDGE + " nodad");
    batch.add("link set " + BRIDGE + " up");
    for (Cidr cidr : node.podCidrs()) {
      batch.add("route add " + cidr + " dev " + BRIDGE + Topology.source(node, cidr.family()));
    }
  }

  @Override
  public List<IpBatch> nodeEnds(Node node, List<End.OfPod> pods) {
    IpBatch batch = IpBatch.inside(instance.node(node.name()));
    IpBatch bridge = IpBatch.onBridge(instance.node(node.name()));
    for (End.OfPod pod : pods) {
      String wire = Topology.wireOf(pod);
      batch.add(
          "link add "
              + wire
              + " type veth peer name eth0 address "
              + hardware(pod)
              + " netns "
              + instance.pod(pod.pod()));
      batch.add("link set " + wire + " master " + BRIDGE);
      // A pod that dials its own Service gets its packet back by the port it came from.
      batch.add("link set " + wire + " type bridge_slave hairpin on");
      batch.add("link set " + wire + " up");
      bridge.add("fdb replace " + hardware(pod) + " dev " + wire + " master static");
      for (Address address : pod.addresses()) {
        batch.add(
            "neigh replace "
                + address
                + " lladdr "
                + hardware(pod)
                + " dev "
                + BRIDGE
                + " nud permanent");
        if (node.podCidrs().stream().noneMatch(cidr -> cidr.contains(address))) {
          batch.add(
              "route replace "
                  + Cidr.only(address)
                  + " dev "
                  + BRIDGE
                  + Topology.source(node, address.family()));
        }
      }
    }
    return List.of(batch, bridge);
  }

  @Override
  public IpBatch podEnd(Node node, End.OfPod pod) {
    IpBatch batch = IpBatch.inside(instance.pod(pod.pod()));
    batch.add("link set lo up");
    pod.addresses().forEach(address -> batch.add(Topology.address(address, "eth0")));
    batch.add("link set eth0 up");
    for (Cidr neighbours : neighbours(node, pod)) {
      batch.add("route add " + neighbours + " dev eth0");
    }
    RoutedPods.gateways(pod, batch);
    return batch;
  }

  /// Whoever has an address has its link address, as common network plugins have it: what its
  /// neighbours remember stays true when another pod gets it.
  private static String hardware(End.OfPod pod) {
    return Instance.hardware(pod.addresses().getFirst().toString());
  }

  /// The ranges that the pod finds on its link.
  private static List<Cidr> neighbours(Node node, End.OfPod pod) {
    List<Cidr> out = new ArrayList<>();
    for (Family family : Family.values()) {
      if (pod.address(family).isPresent()) {
        node.podCidrs().stream().filter(cidr -> cidr.family() == family).forEach(out::add);
      }
    }
    return out;
  }

  @Override
  public void remove(End.OfPod pod, IpBatch batch) {
    batch.add("link del " + Topology.wireOf(pod));
    pod.addresses().forEach(address -> batch.add("neigh del " + address + " dev " + BRIDGE));
  }
}
