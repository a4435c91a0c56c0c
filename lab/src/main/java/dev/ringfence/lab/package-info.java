/// Nodes and pods as network namespaces on one machine, probed with real packets.
///
/// In: a scenario and policies. Out: namespaces that obey, and reports of what arrived. Never here:
/// printing, YAML, what a policy means. Start at [Lab#up].
@NullMarked
package dev.ringfence.lab;

import org.jspecify.annotations.NullMarked;
