package dev.ringfence.agent;

import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which policies are in force, and how many objects are known: from the same changes as the engine
/// takes in, for those who ask how an agent stands.
final class Ledger {
  private final Set<ObjectName> pods = new HashSet<>();
  private final Map<ObjectName, NetworkPolicy> policies = new HashMap<>();
  private final Map<String, ClusterPolicy> clusterPolicies = new HashMap<>();

  /// Of policies that are not in force as they are known: what is in their place.
  private final Map<ObjectName, Optional<NetworkPolicy>> stillInForce = new HashMap<>();

  void take(Changes changes) {
    changes.all().forEach(this::take);
  }

  private void take(Change change) {
    switch (change) {
      case Change.PodSet(var pod) -> pods.add(pod.name());
      case Change.PodGone(var name) -> pods.remove(name);
      case Change.PolicySet(var policy) ->
          changed(policy.name(), policies.put(policy.name(), policy), policy);
      case Change.PolicyGone(var name) -> {
        NetworkPolicy before = policies.remove(name);
        if (before != null) {
          stillInForce.putIfAbsent(name, Optional.of(before));
        }
      }
      case Change.ClusterPolicySet(var policy) -> clusterPolicies.put(policy.id(), policy);
      case Change.ClusterPolicyGone(var id) -> clusterPolicies.remove(id);
      case Change.NamespaceSet _, Change.NamespaceGone _ -> {}
      case Change.NodeSet _, Change.NodeGone _ -> {}
    }
  }

  private void changed(
      ObjectName name, @org.jspecify.annotations.Nullable NetworkPolicy before, NetworkPolicy now) {
    if (!now.equals(before)) {
      stillInForce.putIfAbsent(name, Optional.ofNullable(before));
    }
  }

  /// Everything that is known is in force.
  void settled() {
    stillInForce.clear();
  }

  /// Whether some policy is not in force as it is known.
  boolean isUnsettled() {
    return !stillInForce.isEmpty();
  }

  /// How many pods are known, of any node.
  int pods() {
    return pods.size();
  }

  /// How many policies are known.
  int policies() {
    return policies.size() + clusterPolicies.size();
  }

  /// Those of these ids that name ports by names; costs a walk over all of them.
  List<NetworkPolicy> namingPorts(Set<String> ids) {
    return policies.values().stream()
        .filter(policy -> namesPorts(policy.ingress()) || namesPorts(policy.egress()))
        .filter(policy -> ids.contains(policy.id()))
        .toList();
  }

  private static boolean namesPorts(List<Rule> rules) {
    return rules.stream()
        .anyMatch(rule ->
            rule.ports() instanceof Ports.OneOf(var items)
                && items.stream().anyMatch(item -> item instanceof PortItem.Named));
  }

  Optional<NetworkPolicy> policy(String id) {
    return policies.values().stream().filter(policy -> policy.id().equals(id)).findFirst();
  }

  /// Costs a walk over all of them.
  Policies inForce() {
    Map<ObjectName, NetworkPolicy> out = new HashMap<>(policies);
    stillInForce.forEach((name, before) -> {
      if (before.isPresent()) {
        out.put(name, before.get());
      } else {
        out.remove(name);
      }
    });
    List<NetworkPolicy> network = new ArrayList<>(out.values());
    return new Policies(network, List.copyOf(clusterPolicies.values()));
  }
}
