package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;

/// Who has an address on a link: a neighbour table entry.
///
/// @param link index of the interface it is a neighbour on
public record Neighbour(int link, Address address, Bytes hardware) {
  /// Behind which port of a bridge a link address was seen.
  ///
  /// @param port index of the port
  public record OnBridge(int port, Bytes hardware) {}
}
