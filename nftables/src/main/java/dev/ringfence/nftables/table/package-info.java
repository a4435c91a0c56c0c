/// The node's own table: what a [dev.ringfence.core.compiled.NodePolicy] is in the kernel.
///
/// In: the compiled policy of one node, the wires of its pods. Out: one transaction with what
/// differs, the same values read back, and a description for people. Never here: Kubernetes,
/// sockets other than the one netlink socket. Start at [NftablesDataplane#apply]; [PolicyTable] and
/// [GuardTable] say what is programmed.
@NullMarked
package dev.ringfence.nftables.table;

import org.jspecify.annotations.NullMarked;
