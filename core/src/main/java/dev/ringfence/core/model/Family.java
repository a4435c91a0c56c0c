package dev.ringfence.core.model;

/// The two address families; they never mix (S38).
public enum Family {
  IPV4("IPv4", 32),
  IPV6("IPv6", 128);

  private final String text;
  private final int bits;

  Family(String text, int bits) {
    this.text = text;
    this.bits = bits;
  }

  /// Length of an address in bits: 32 or 128.
  public int bits() {
    return bits;
  }

  /// `IPv4` or `IPv6`, as the Kubernetes API and our documents spell it.
  @Override
  public String toString() {
    return text;
  }
}
