package dev.ringfence.core.model;

/// What a rule of a cluster-wide policy does with a connection it matches (S222 to S224).
public enum Action {
  ACCEPT("Accept"),
  DENY("Deny"),
  PASS("Pass");

  private final String text;

  Action(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
