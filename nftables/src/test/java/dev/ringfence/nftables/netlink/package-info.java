/// The codec against this kernel, and against what `nft` makes of it.
///
/// Start at [NftKernelTest].
@NullMarked
package dev.ringfence.nftables.netlink;

import org.jspecify.annotations.NullMarked;
