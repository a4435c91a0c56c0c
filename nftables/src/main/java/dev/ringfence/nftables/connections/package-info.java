/// Connection tracking's table, as far as connections carry a mark.
///
/// In: a netlink socket, the bits of a mark. Out: the connections that carry it, and marks taken
/// off them; no connection is ended. Never here: policies, rules. Start at [MarkedConnections].
@NullMarked
package dev.ringfence.nftables.connections;

import org.jspecify.annotations.NullMarked;
