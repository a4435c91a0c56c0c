/// Whether the table in the kernel does what the policy says, for every packet there can be.
///
/// In: the tables as read back, the node's policy, its wires. Out: [ProofReport], whose differences
/// each name one packet. The two sides are read apart: [Walk] runs the rules on sets of packets and
/// knows no policy, [PolicyReading] and [GuardReading] know the policy and no rule; neither uses
/// the code that writes the table. What cannot be interpreted is reported as not proved. Never
/// here: sockets. Start at [Proof#of].
@NullMarked
package dev.ringfence.nftables.proof;

import org.jspecify.annotations.NullMarked;
