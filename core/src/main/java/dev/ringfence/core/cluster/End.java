package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import java.util.List;
import java.util.Optional;

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

  /// A Service, whose backends are asked.
  ///
  /// @param address the one of its own that was named; empty where its name was
  /// @param hostNetworkAsPods take hostNetwork pods behind it for pods of their own (S101)
  record OfService(Service service, Optional<Address> address, boolean hostNetworkAsPods)
      implements End {}
}
