package dev.ringfence.core.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A `networking.k8s.io/v1` NetworkPolicy after defaulting.
///
/// @param uid as the server gave it, empty where the manifest has none
/// @param generation `metadata.generation`, 0 where the manifest has none
/// @param subject pods of the policy's own namespace that it selects (S1)
/// @param types the effective policy types, never empty (S14)
/// @param ingress rules; inert unless `types` holds ingress (S13)
/// @param egress rules; inert unless `types` holds egress
public record NetworkPolicy(
    ObjectName name,
    String uid,
    long generation,
    LabelSelector subject,
    Set<Direction> types,
    List<Rule> ingress,
    List<Rule> egress) {
  public NetworkPolicy {
    types = Set.copyOf(types);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("a policy without types was not defaulted: " + name);
    }
  }

  /// What the API server writes where `policyTypes` is absent or empty (S14).
  public static Set<Direction> defaultTypes(List<Rule> egress) {
    return egress.isEmpty()
        ? EnumSet.of(Direction.INGRESS)
        : EnumSet.of(Direction.INGRESS, Direction.EGRESS);
  }

  public List<Rule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /// Whether this policy isolates its subjects in this direction (S7).
  public boolean isolates(Direction direction) {
    return types.contains(direction);
  }

  /// `networkpolicy/namespace/name`, as our documents name it.
  public String id() {
    return "networkpolicy/" + name;
  }
}
