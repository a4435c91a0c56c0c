package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.End;
import java.util.List;

/// Each pod on a veth of its own: the node has a route to it, it has a link-local gateway.
record RoutedPods(Instance instance) implements PodWiring {
  @Override
  public void prepare(Node node, IpBatch batch) {
    node.podCidrs().forEach(cidr -> batch.add("route add unreachable " + cidr));
  }

  @Override
  public List<IpBatch> nodeEnds(Node node, List<End.OfPod> pods) {
    IpBatch batch = IpBatch.inside(instance.node(node.name()));
    for (End.OfPod pod : pods) {
      String wire = Topology.wireOf(pod);
      batch.add("link add " + wire + " type veth peer name eth0 netns " + instance.pod(pod.pod()));
      batch.add("addr add " + Topology.POD_GATEWAY_4 + "/32 dev " + wire + " scope link");
      batch.add("addr add " + Topology.POD_GATEWAY_6 + "/64 dev " + wire + " nodad");
      batch.add("link set " + wire + " up");
      for (Address address : pod.addresses()) {
        batch.add(
            "route add "
                + Cidr.only(address)
                + " dev "
                + wire
                + Topology.source(node, address.family()));
      }
    }
    return List.of(batch);
  }

  @Override
  public IpBatch podEnd(Node node, End.OfPod pod) {
    IpBatch batch = IpBatch.inside(instance.pod(pod.pod()));
    batch.add("link set lo up");
    pod.addresses().forEach(address -> batch.add(Topology.address(address, "eth0")));
    batch.add("link set eth0 up");
    gateways(pod, batch);
    return batch;
  }

  static void gateways(End.OfPod pod, IpBatch batch) {
    if (pod.address(Family.IPV4).isPresent()) {
      batch.add("route add default via " + Topology.POD_GATEWAY_4 + " dev eth0 onlink");
    }
    if (pod.address(Family.IPV6).isPresent()) {
      batch.add("route add ::/0 via " + Topology.POD_GATEWAY_6 + " dev eth0");
    }
  }

  @Override
  public void remove(End.OfPod pod, IpBatch batch) {
    batch.add("link del " + Topology.wireOf(pod));
  }
}
