package dev.ringfence.core.model;

/// Which way a connection is opened, seen from the subject of a policy.
public enum Direction {
  INGRESS("Ingress"),
  EGRESS("Egress");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  /// `Ingress` or `Egress`, as `policyTypes` spells it.
  @Override
  public String toString() {
    return text;
  }
}
