package dev.ringfence.nftables.route;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.Optional;

/// The node's end of a pod's link.
///
/// @param bridged whether it is a port of a bridge, so that pods see each other's ARP
/// @param hardware the pod's own link address, where it is known
public record Wire(String interfaceName, boolean bridged, Optional<Bytes> hardware) {
  public static Wire routed(String interfaceName) {
    return new Wire(interfaceName, false, Optional.empty());
  }
}
