package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A NetworkPolicy, and its rules in canonical form once somebody asked for them.
final class StoredPolicy {
  final NetworkPolicy policy;
  private final Map<Direction, List<Term>> terms = new EnumMap<>(Direction.class);

  StoredPolicy(NetworkPolicy policy) {
    this.policy = policy;
  }

  /// One term for each rule; port names are not resolved.
  List<Term> terms(Direction direction) {
    return terms.computeIfAbsent(direction, this::read);
  }

  private List<Term> read(Direction direction) {
    Optional<String> own = Optional.of(policy.name().namespace());
    List<Term> out = new ArrayList<>();
    policy.rules(direction).forEach(rule -> out.add(Term.of(Action.ACCEPT, rule, own)));
    return List.copyOf(out);
  }
}
