package dev.ringfence.core.answer;

/// Why one side allows or denies (section 4.1). Neighbour discovery is no question anybody asks: it
/// always passes (S73), so it has no code here.
public enum Code {
  SELF(true, "self"),
  NOT_A_POD(true, "not-applicable"),
  OWN_NODE(true, "own-node"),
  ADMIN_ACCEPT(true, "allowed"),
  ADMIN_DENY(false, "denied"),
  NP_RULE(true, "allowed"),
  NP_ISOLATED_NO_MATCH(false, "denied"),
  BASELINE_ACCEPT(true, "allowed"),
  BASELINE_DENY(false, "denied"),
  /// Nothing in any tier decided.
  NOT_ISOLATED(true, "not-isolated");

  private final boolean allows;
  private final String word;

  Code(boolean allows, String word) {
    this.allows = allows;
    this.word = word;
  }

  public boolean allows() {
    return allows;
  }

  /// The word of formats.md, section "query": `allowed`, `denied`, `not-isolated` and so on.
  public String word() {
    return word;
  }
}
