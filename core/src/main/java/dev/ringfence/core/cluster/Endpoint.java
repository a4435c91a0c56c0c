package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import java.util.Optional;

/// One end of a connection: who has the address (section 4.2).
public sealed interface Endpoint {
  /// The address that packets carry; empty only for a pod whose address nobody knows.
  Optional<Address> address();

  /// A pod of the pod network.
  record OfPod(Pod pod, Optional<Address> address) implements Endpoint {}

  /// A node, or a hostNetwork pod on it (S101). The node may lack a manifest, so only its name is
  /// sure.
  record OfNode(String node, Optional<Address> address) implements Endpoint {}

  /// An address of the pod network that belongs to no pod we know of (S28).
  record UnknownPod(Optional<Address> address) implements Endpoint {}

  /// Any other address.
  record Outside(Optional<Address> address) implements Endpoint {}
}
