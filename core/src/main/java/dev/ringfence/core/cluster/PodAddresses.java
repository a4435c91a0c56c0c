package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import java.util.List;

/// What is known of a pod's addresses.
public sealed interface PodAddresses {
  /// `status.podIPs` in their order; empty while the pod has none, and then it counts for nothing
  /// (S112).
  record Known(List<Address> all) implements PodAddresses {
    public Known {
      all = List.copyOf(all);
    }
  }

  /// A manifest without status: it counts as running with an address nobody knows (S112).
  record Unknown() implements PodAddresses {}

  static PodAddresses of(Address... addresses) {
    return new Known(List.of(addresses));
  }
}
