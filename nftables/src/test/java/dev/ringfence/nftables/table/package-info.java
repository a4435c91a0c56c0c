/// The node's table in the kernel: read back, listed, and tried with real packets.
///
/// Start at [NftablesDataplaneTest]; [BypassTest] holds the ways around a policy.
@NullMarked
package dev.ringfence.nftables.table;

import org.jspecify.annotations.NullMarked;
