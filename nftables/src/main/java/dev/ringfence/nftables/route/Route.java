package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import java.util.Optional;

/// A unicast route.
///
/// @param gateway empty where the destination is on the link itself
/// @param link index of the interface it leaves by
/// @param table 254 is the main table
public record Route(Cidr destination, Optional<Address> gateway, int link, int table) {}
