/// What the kernel knows of the way to a pod: links, routes, neighbours, bridges.
///
/// In: a route socket. Out: records. Never here: changing any of it. Start at [Links], [Routes],
/// [Neighbours]; [PodWires] puts them together, [RouteWatch] keeps them current.
@NullMarked
package dev.ringfence.nftables.route;

import org.jspecify.annotations.NullMarked;
