package dev.ringfence.core.answer;

import java.util.Optional;

/// One reason why a rule does not match a connection.
///
/// @param key the label's; empty where it is about something else
/// @param wants what the rule asks for, in words; empty where it asks for absence
/// @param has what is there; empty where nothing is
public record Difference(
    What what, Optional<String> key, Optional<String> wants, Optional<String> has) {
  /// What differs, in the words of formats.md.
  public enum What {
    POD_LABEL("podLabel"),
    NAMESPACE_LABEL("namespaceLabel"),
    /// The rule means pods of its own namespace.
    NAMESPACE("namespace"),
    IP_BLOCK("ipBlock"),
    PORT("port"),
    PROTOCOL("protocol"),
    /// The policy has no rule at all in this direction.
    NO_RULE("noRule");

    private final String text;

    What(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static Difference of(What what, String wants, Optional<String> has) {
    return new Difference(what, Optional.empty(), Optional.of(wants), has);
  }
}
