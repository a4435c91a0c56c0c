package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Protocol;
import java.util.Locale;

/// A port name in a policy that none of the pods it is about declares, so that the item matches
/// nothing (S60 to S66). No error for Kubernetes (S65, S166), and hardly what somebody meant.
///
/// @param rule index in the policy's list
/// @param item index in the rule's ports
/// @param about which pods it is about
public record UndeclaredName(
    Direction direction, int rule, int item, Protocol protocol, String name, About about) {
  /// Whose declarations count.
  public enum About {
    /// Those that the policy selects.
    SUBJECTS,
    /// Those that the rule's peers match.
    PEERS,
    /// All there are.
    EVERYBODY,
    /// Those in address blocks, which are mostly about others than pods (S63).
    BLOCKS
  }

  /// `spec.ingress[0].ports[1].port: …`, in one sentence that never says how many pods.
  public String sentence() {
    String rules = "spec." + direction.name().toLowerCase(Locale.ROOT) + "[" + rule + "]";
    String of =
        switch (about) {
          case SUBJECTS -> "none of the pods that spec.podSelector selects";
          case PEERS -> "none of the pods that " + rules + " is about";
          case EVERYBODY -> "no pod";
          case BLOCKS -> "no pod in the ipBlocks of " + rules;
        };
    return "%s.ports[%d].port: %s declares a %s port named \"%s\", so this item matches nothing"
        .formatted(rules, item, of, protocol, name);
  }
}
