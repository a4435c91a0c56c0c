package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import java.util.List;
import java.util.Map;

/// A node: its addresses of any type (S231) and the ranges its pods get theirs from.
public record Node(
    String name, Map<String, String> labels, List<Address> addresses, List<Cidr> podCidrs) {
  public Node {
    labels = Map.copyOf(labels);
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }
}
