package dev.ringfence.core.manifest;

/// Whether the input is refused for it.
public enum Severity {
  ERROR("error"),
  WARNING("warning");

  private final String text;

  Severity(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
