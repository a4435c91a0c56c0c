package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Nodes, and the pods on their network: which addresses are nodes' own, which ranges are pods'.
final class Network {
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<ObjectName, Pod> onHost = new HashMap<>();

  /// How many say so.
  private final Map<Cidr, Integer> podCidrs = new HashMap<>();

  private final Map<Address, Integer> addresses = new HashMap<>();
  private boolean changed;

  void set(Node node) {
    remove(node.name());
    nodes.put(node.name(), node);
    count(node, 1);
  }

  void remove(String name) {
    Node old = nodes.remove(name);
    if (old != null) {
      count(old, -1);
    }
  }

  private void count(Node node, int by) {
    node.podCidrs().forEach(range -> count(podCidrs, range, by));
    node.addresses().forEach(address -> count(addresses, address, by));
  }

  void set(Pod pod) {
    remove(pod.name());
    onHost.put(pod.name(), pod);
    count(pod, 1);
  }

  void remove(ObjectName name) {
    Pod old = onHost.remove(name);
    if (old != null) {
      count(old, -1);
    }
  }

  private void count(Pod pod, int by) {
    if (pod.node().isPresent()) {
      pod.knownAddresses().forEach(address -> count(addresses, address, by));
    }
  }

  private <K> void count(Map<K, Integer> counts, K key, int by) {
    int now = counts.merge(key, by, Integer::sum);
    if (now == 0) {
      counts.remove(key);
    }
    changed |= now == 0 || now == by;
  }

  /// Whether addresses or ranges may have changed since this was last asked.
  boolean takeChanged() {
    boolean out = changed;
    changed = false;
    return out;
  }

  /// The ranges from which nodes give addresses to pods.
  Set<Cidr> podCidrs() {
    return Collections.unmodifiableSet(podCidrs.keySet());
  }

  /// Addresses of nodes, hostNetwork pods included (S101).
  Set<Address> addresses() {
    return Collections.unmodifiableSet(addresses.keySet());
  }

  void copyInto(Inventory other) {
    nodes.values().forEach(other::set);
    onHost.values().forEach(other::set);
  }
}
