package dev.ringfence.core.model;

import java.util.List;

/// The `from` or `to` of a rule. Absent and empty both mean any peer (S19), never "none".
public sealed interface Peers {
  /// Pods, nodes and everything outside.
  record Any() implements Peers {}

  /// At least one item; they are OR-ed (S31).
  record OneOf(List<Peer> items) implements Peers {
    public OneOf {
      items = List.copyOf(items);
      if (items.isEmpty()) {
        throw new IllegalArgumentException("an empty peer list means any peer");
      }
    }
  }
}
