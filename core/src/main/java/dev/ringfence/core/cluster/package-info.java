/// What exists at one instant: pods, namespaces, nodes, services, and who has which address.
///
/// In: `model`. Out: [Snapshot], immutable. Never here: policies, files, clocks. Start at
/// [Snapshot#resolve].
@NullMarked
package dev.ringfence.core.cluster;

import org.jspecify.annotations.NullMarked;
