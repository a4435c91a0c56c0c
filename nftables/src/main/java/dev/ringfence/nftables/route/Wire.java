package dev.ringfence.nftables.route;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.Optional;

/// The node's end of a pod's link.
///
/// @param index the kernel's number of the interface, another one for each that ever had the name;
///   0 where nobody said
/// @param bridged whether it is a port of a bridge, so that pods see each other's ARP
/// @param hardware the pod's own link address, where it is known
public record Wire(String interfaceName, int index, boolean bridged, Optional<Bytes> hardware) {
  public static Wire routed(String interfaceName) {
    return new Wire(interfaceName, 0, false, Optional.empty());
  }

  /// Whether this is another interface under the same name.
  public boolean isAnotherThan(Wire other) {
    return index != 0 && other.index != 0 && index != other.index;
  }
}
