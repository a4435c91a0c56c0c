package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import java.util.List;

/// What somebody means by the name of an end (formats.md, "Names of ends").
public sealed interface End {
  /// One pod, or every pod of a workload; never empty. Each counts, or is asked as if it did.
  record OfPods(List<Pod> pods) implements End {
    public OfPods {
      pods = List.copyOf(pods);
    }
  }

  /// A node, or a hostNetwork pod on it (S101).
  ///
  /// @param addresses in order of preference; empty where nobody knows them
  record OfNode(String node, List<Address> addresses) implements End {
    public OfNode {
      addresses = List.copyOf(addresses);
    }
  }

  /// Whoever has this address.
  record OfAddress(Address address) implements End {}

  /// A Service by one of its addresses: its backends are asked.
  record OfService(Service service, Address address) implements End {}
}
