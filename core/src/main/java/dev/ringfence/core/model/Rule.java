package dev.ringfence.core.model;

/// One element of `ingress` or `egress`: it matches where its peers and its ports both do (S11).
public record Rule(Peers peers, Ports ports) {
  /// The rule `{}`: everything.
  public static final Rule EVERYTHING = new Rule(new Peers.Any(), new Ports.Any());
}
