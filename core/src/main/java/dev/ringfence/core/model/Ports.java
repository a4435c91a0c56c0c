package dev.ringfence.core.model;

import java.util.List;

/// The `ports` of a rule. Absent and empty both mean any port of any protocol (S19).
public sealed interface Ports {
  /// Any port and any protocol, ICMP and the rest included (S72).
  record Any() implements Ports {}

  /// At least one item; they are OR-ed (S51).
  record OneOf(List<PortItem> items) implements Ports {
    public OneOf {
      items = List.copyOf(items);
      if (items.isEmpty()) {
        throw new IllegalArgumentException("an empty port list means any port");
      }
    }
  }
}
