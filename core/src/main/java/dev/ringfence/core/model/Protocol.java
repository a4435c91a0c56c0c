package dev.ringfence.core.model;

/// The protocols a NetworkPolicy can name (S4), and one value for all the rest together (S72).
public enum Protocol {
  TCP("TCP"),
  UDP("UDP"),
  SCTP("SCTP"),
  /// Every protocol that has no ports in a policy: ICMP, ICMPv6, GRE and so on.
  OTHER("other");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  /// Whether connections of this protocol have a destination port.
  public boolean hasPorts() {
    return this != OTHER;
  }

  @Override
  public String toString() {
    return text;
  }
}
