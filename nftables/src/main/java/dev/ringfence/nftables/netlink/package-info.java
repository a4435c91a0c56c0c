/// Netlink and nf_tables as the kernel speaks them: messages, attributes, batches, dumps.
///
/// In: tables, chains, sets, rules as records. Out: bytes to the kernel, the same records read
/// back, or [KernelRefused] with the element that was refused. Never here: what a policy is. Start
/// at [Batch] for writing, [NftDump] for reading; both need a [NetlinkSocket].
@NullMarked
package dev.ringfence.nftables.netlink;

import org.jspecify.annotations.NullMarked;
