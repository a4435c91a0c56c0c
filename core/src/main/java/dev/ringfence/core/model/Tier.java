package dev.ringfence.core.model;

/// The order in which policies are asked, first to last (S220).
public enum Tier {
  ADMIN("Admin"),
  NETWORK_POLICY("NetworkPolicy"),
  BASELINE("Baseline");

  private final String text;

  Tier(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
