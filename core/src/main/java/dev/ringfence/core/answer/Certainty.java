package dev.ringfence.core.answer;

/// Whether every conformant implementation gives this verdict (semantics.md section 0).
public enum Certainty {
  DEFINED("defined"),
  /// Upstream leaves it open; another permitted choice gives the other verdict.
  IMPLEMENTATION("implementation");

  private final String text;

  Certainty(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
