package dev.ringfence.lab;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Rule;
import java.util.List;
import java.util.Set;

/// Policies for tests.
final class Rules {
  private Rules() {}

  /// Every pod of the namespace accepts what these rules say.
  static Policies ingress(String namespace, Rule... rules) {
    return Policies.of(
        List.of(
            new NetworkPolicy(
                new ObjectName(namespace, "test"),
                "",
                0,
                LabelSelector.EVERYTHING,
                Set.of(Direction.INGRESS),
                List.of(rules),
                List.of())));
  }
}
