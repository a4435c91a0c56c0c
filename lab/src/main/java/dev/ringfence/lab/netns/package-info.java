/// The lab's network namespaces: making them, entering them, and clearing what a crash left.
///
/// In: a [dev.ringfence.lab.scenario.Scenario] and the lab's [Instance]. Out: namespaces with wires
/// and routes. Never here: policies, listeners, probes. Start at [Topology#build].
@NullMarked
package dev.ringfence.lab.netns;

import org.jspecify.annotations.NullMarked;
