package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import java.util.Collection;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The addresses that no known pod and no node has.
final class OutsideSpace {
  private final NavigableSet<Address> taken = new TreeSet<>();

  OutsideSpace(Snapshot now) {
    for (Pod pod : now.pods().values()) {
      take(now, pod.knownAddresses());
    }
    now.nodes().values().forEach(node -> take(now, node.addresses()));
  }

  private void take(Snapshot now, Collection<Address> addresses) {
    for (Address address : addresses) {
      switch (now.resolve(address)) {
        case Endpoint.OfPod pod -> taken.add(address);
        case Endpoint.OfNode node -> taken.add(address);
        case Endpoint.UnknownPod unknown -> {}
        case Endpoint.Outside outside -> {}
      }
    }
  }

  /// Whether any address of the range is outside.
  boolean hasSome(AddressRange range) {
    return first(range).isPresent();
  }

  /// The lowest address of the range that is outside.
  Optional<Address> first(AddressRange range) {
    Iterator<Address> here = taken.subSet(range.first(), true, range.last(), true).iterator();
    Optional<Address> at = Optional.of(range.first());
    while (at.isPresent() && here.hasNext() && here.next().equals(at.get())) {
      at = at.get().next();
    }
    return at.filter(range::contains);
  }
}
