package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Direction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What applies to one kind of pods in one direction.
final class Applied {
  private final GroupRules rules;
  private final Direction direction;
  private final List<String> policies;
  private Optional<String> id = Optional.empty();

  /// The table of these rules, where the engine has looked for it; it may be dropped by now.
  @Nullable GroupTable table;

  Applied(GroupRules rules, Direction direction, List<String> policies) {
    this.rules = rules;
    this.direction = direction;
    this.policies = List.copyOf(policies);
  }

  GroupRules rules() {
    return rules;
  }

  Direction direction() {
    return direction;
  }

  /// The id of the group, worked out when it is first asked for; empty where nothing applies.
  Optional<String> id() {
    if (id.isEmpty() && !rules.isNothing()) {
      id = Optional.of(rules.id(direction));
    }
    return id;
  }

  /// Ids of the policies, for people.
  List<String> policies() {
    return policies;
  }
}
