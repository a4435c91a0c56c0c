package dev.ringfence.core.model;

import java.util.List;

/// A cluster-wide policy of the Admin or Baseline tier, whatever its kind (section 3).
///
/// @param kind the API kind in lower case, for names and for the order among equals (S233, S237)
/// @param priority lower decides first within the tier (S201)
public record ClusterPolicy(
    Tier tier,
    int priority,
    String kind,
    String name,
    Subject subject,
    List<TierRule> ingress,
    List<TierRule> egress) {
  public ClusterPolicy {
    if (tier == Tier.NETWORK_POLICY) {
      throw new IllegalArgumentException("the NetworkPolicy tier has no cluster policies");
    }
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /// Pods whose namespace and whose own labels match; hostNetwork pods never (S202).
  public record Subject(LabelSelector namespaces, LabelSelector pods) {}

  /// One rule: the first that matches decides (S221).
  public record TierRule(Action action, Rule match) {}

  public List<TierRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  public String id() {
    return kind + "/" + name;
  }
}
