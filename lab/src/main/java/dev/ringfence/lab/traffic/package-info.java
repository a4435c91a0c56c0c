/// Packets inside the lab: listeners that answer, probes that are sent, captures that see them.
///
/// In: ends and probes of a scenario, namespaces that stand. Out: which packets arrived. Never
/// here: what should arrive, which is `answer`'s to say. Start at [Prober#reached].
@NullMarked
package dev.ringfence.lab.traffic;

import org.jspecify.annotations.NullMarked;
