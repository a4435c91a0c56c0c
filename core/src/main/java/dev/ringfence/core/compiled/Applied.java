package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Direction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What applies to one kind of pods in one direction.
final class Applied {
  /// Of the policies when they were looked at.
  final int version;

  final int clusterVersion;
  private final GroupRules rules;
  private final Direction direction;
  private final List<String> policies;
  private @Nullable String id;

  Applied(
      GroupRules rules,
      Direction direction,
      List<String> policies,
      int version,
      int clusterVersion) {
    this.rules = rules;
    this.direction = direction;
    this.policies = List.copyOf(policies);
    this.version = version;
    this.clusterVersion = clusterVersion;
  }

  GroupRules rules() {
    return rules;
  }

  /// The id of the group, worked out when it is first asked for; empty where nothing applies.
  Optional<String> id() {
    if (id == null && !rules.isNothing()) {
      id = rules.id(direction);
    }
    return Optional.ofNullable(id);
  }

  /// Ids of the policies, for people.
  List<String> policies() {
    return policies;
  }
}
