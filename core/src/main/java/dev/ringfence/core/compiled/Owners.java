package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Address;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which pod has which address, for who must notice that one has changed hands; and what changed.
///
/// An address and its owner together are written as one number of 128 bits, in the form of an IPv6
/// address, so that all of them are an [AddressSet]: versions share, and a kernel's set can hold
/// them. A pod is its name and its uid, so that one made anew under the same name is another.
///
/// @param all a number for each address that a pod owns
/// @param moved addresses that have changed hands, each with its number now; empty where no pod has
///   it any more
public record Owners(AddressSet all, Map<Address, Optional<Address>> moved) {
  /// Nobody has an address, as far as anybody knows.
  public static final Owners NOBODY = new Owners(AddressSet.EMPTY, Map.of());

  public Owners {
    moved = Map.copyOf(moved);
  }

  /// This, with what had moved before and was not noticed yet.
  public Owners since(Owners earlier) {
    if (earlier.moved.isEmpty()) {
      return this;
    }
    Map<Address, Optional<Address>> both = new HashMap<>(earlier.moved);
    both.putAll(moved);
    return new Owners(all, both);
  }

  /// This, once what moved has been noticed.
  public Owners settled() {
    return moved.isEmpty() ? this : new Owners(all, Map.of());
  }
}
