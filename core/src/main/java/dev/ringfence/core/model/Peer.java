package dev.ringfence.core.model;

import java.util.Optional;

/// The other end of a rule: one item of `from` or `to` (section 1.6).
public sealed interface Peer {
  /// Pods by selector. An absent `podSelector` matches every pod in scope, as an empty one does; it
  /// stays apart because reports quote what was written.
  record Pods(NamespaceScope scope, Optional<LabelSelector> podSelector) implements Peer {
    public LabelSelector pods() {
      return podSelector.orElse(LabelSelector.EVERYTHING);
    }
  }

  /// Addresses, whoever has them, pods and nodes included (S41).
  record Block(IpBlock block) implements Peer {}

  /// Every peer there is; only a rule of a cluster-wide policy needs it, to deny when it cannot be
  /// read (S234).
  record Everyone() implements Peer {}

  /// A peer that an old server stored and nobody can read: it matches nothing (S30, S40).
  record Unreadable(String why) implements Peer {}
}
