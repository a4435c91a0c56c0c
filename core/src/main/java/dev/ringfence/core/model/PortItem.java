package dev.ringfence.core.model;

/// One item of a rule's `ports`; its protocol is explicit, as the API server stores it (S56).
public sealed interface PortItem {
  Protocol protocol();

  /// `port` is absent: every port of the protocol (S53).
  record Every(Protocol protocol) implements PortItem {}

  /// A number, with or without `endPort`.
  record Numbers(Protocol protocol, PortRange range) implements PortItem {}

  /// A name that the destination pod resolves (S60 to S68).
  record Named(Protocol protocol, String name) implements PortItem {}

  /// An item that an old server stored and nobody can read: it matches nothing (S30).
  record Unreadable(Protocol protocol, String why) implements PortItem {}
}
