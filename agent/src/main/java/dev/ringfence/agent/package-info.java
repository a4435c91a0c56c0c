/// The node daemon: cluster state in, programmed kernel out.
///
/// In: manifests as files, or a snapshot with policies. Out: the node's table in the network
/// namespace of the calling thread, and one line for each generation. Never here: what a policy
/// means, how a table looks, printing. Start at [NodeAgent#apply].
@NullMarked
package dev.ringfence.agent;

import org.jspecify.annotations.NullMarked;
