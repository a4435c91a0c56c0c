package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What changes lead to, kept in plain maps: what an engine must know after them.
public final class ClusterState {
  final Map<ObjectName, Pod> pods = new TreeMap<>();
  private final Map<String, Namespace> namespaces = new TreeMap<>();
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<ObjectName, NetworkPolicy> policies = new TreeMap<>();
  private final Map<String, ClusterPolicy> clusterPolicies = new TreeMap<>();

  public void take(Change change) {
    switch (change) {
      case Change.PodSet(var pod) -> pods.put(pod.name(), pod);
      case Change.PodGone(var name) -> pods.remove(name);
      case Change.NamespaceSet(var namespace) -> namespaces.put(namespace.name(), namespace);
      case Change.NamespaceGone(var name) -> namespaces.remove(name);
      case Change.NodeSet(var node) -> nodes.put(node.name(), node);
      case Change.NodeGone(var name) -> nodes.remove(name);
      case Change.PolicySet(var policy) -> policies.put(policy.name(), policy);
      case Change.PolicyGone(var name) -> policies.remove(name);
      case Change.ClusterPolicySet(var policy) -> clusterPolicies.put(policy.id(), policy);
      case Change.ClusterPolicyGone(var id) -> clusterPolicies.remove(id);
    }
  }

  public Snapshot snapshot() {
    return new Snapshot(namespaces.values(), nodes.values(), pods.values(), List.of());
  }

  public CompiledPolicy compile() {
    return compile(MemberBudget.UNLIMITED);
  }

  public CompiledPolicy compile(MemberBudget budget) {
    Policies all =
        new Policies(List.copyOf(policies.values()), List.copyOf(clusterPolicies.values()));
    return new PolicyEngine(budget).apply(Changes.from(all, snapshot()));
  }
}
