package dev.ringfence.nftables.route;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.OptionalInt;

/// A network interface.
///
/// @param hardware its link address, empty where it has none
/// @param master index of the bridge (or bond, or VRF) it belongs to
/// @param kind `veth`, `bridge` and so on; empty for a plain device
public record Link(
    int index, String name, boolean up, Bytes hardware, OptionalInt master, String kind) {
  public boolean isBridge() {
    return kind.equals("bridge");
  }
}
