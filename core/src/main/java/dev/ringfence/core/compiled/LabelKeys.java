package dev.ringfence.core.compiled;

import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The keys of pods' labels that some policy looks at, or once did. No other label tells pods
/// apart, so that what controllers write for each pod alone does not make a kind of each.
final class LabelKeys {
  private final Set<String> keys = new HashSet<>();

  /// Takes in what these look at.
  ///
  /// @return the keys that are new
  Set<String> learn(Changes changes) {
    Set<String> fresh = new HashSet<>();
    for (Change change : changes.all()) {
      switch (change) {
        case Change.PolicySet(var policy) -> collect(policy, fresh);
        case Change.ClusterPolicySet(var policy) -> collect(policy, fresh);
        case Change.PodSet pod -> {}
        case Change.PodGone pod -> {}
        case Change.NamespaceSet namespace -> {}
        case Change.NamespaceGone namespace -> {}
        case Change.NodeSet node -> {}
        case Change.NodeGone node -> {}
        case Change.PolicyGone policy -> {}
        case Change.ClusterPolicyGone policy -> {}
      }
    }
    keys.addAll(fresh);
    return fresh;
  }

  private void collect(NetworkPolicy policy, Set<String> into) {
    collect(policy.subject(), into);
    policy.ingress().forEach(rule -> collect(rule, into));
    policy.egress().forEach(rule -> collect(rule, into));
  }

  private void collect(ClusterPolicy policy, Set<String> into) {
    collect(policy.subject().pods(), into);
    policy.ingress().forEach(rule -> collect(rule.match(), into));
    policy.egress().forEach(rule -> collect(rule.match(), into));
  }

  private void collect(Rule rule, Set<String> into) {
    if (rule.peers() instanceof Peers.OneOf(var items)) {
      for (Peer peer : items) {
        if (peer instanceof Peer.Pods pods) {
          collect(pods.pods(), into);
        }
      }
    }
  }

  private void collect(LabelSelector selector, Set<String> into) {
    selector
        .requirements()
        .forEach(requirement -> {
          if (!keys.contains(requirement.key())) {
            into.add(requirement.key());
          }
        });
  }

  /// Of these labels, those that somebody looks at.
  Map<String, String> of(Map<String, String> labels) {
    if (keys.containsAll(labels.keySet())) {
      return labels;
    }
    Map<String, String> out = new HashMap<>();
    labels.forEach((key, value) -> {
      if (keys.contains(key)) {
        out.put(key, value);
      }
    });
    return Map.copyOf(out);
  }
}
