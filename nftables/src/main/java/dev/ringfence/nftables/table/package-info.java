/// The node's own table: what a [dev.ringfence.core.compiled.NodePolicy] is in the kernel.
///
/// In: the compiled policy of one node, the wires of its pods. Out: one transaction with what
/// differs, the same values read back, and a description for people. Never here: Kubernetes,
/// sockets other than the one netlink socket. Start at [NftablesDataplane#apply]: [Plan] works out
/// what should be there, from what was there before, and [HeldTables] brings the kernel to it.
/// [PolicyTable] and [GuardTable] say what is programmed, [LocalWires] where the pods are.
@NullMarked
package dev.ringfence.nftables.table;

import org.jspecify.annotations.NullMarked;
