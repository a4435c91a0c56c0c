package dev.ringfence.nftables.route;

/// The node's end of a pod's link.
///
/// @param bridged whether it is a port of a bridge, so that pods see each other's ARP
public record Wire(String interfaceName, boolean bridged) {}
