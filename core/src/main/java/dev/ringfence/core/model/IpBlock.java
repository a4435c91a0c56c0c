package dev.ringfence.core.model;

import java.util.List;

/// Addresses inside `cidr` and outside every `except` (S36); excepts act on this block only (S37).
public record IpBlock(Cidr cidr, List<Cidr> except) {
  public IpBlock {
    except = List.copyOf(except);
  }

  public boolean contains(Address address) {
    return cidr.contains(address) && except.stream().noneMatch(hole -> hole.contains(address));
  }

  /// Whether an address nobody knows is surely inside: a whole family without exception (S112).
  public boolean coversFamily() {
    return cidr.coversFamily() && except.isEmpty();
  }
}
