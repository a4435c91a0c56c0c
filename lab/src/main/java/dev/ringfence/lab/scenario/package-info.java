/// What the lab is made of: every pod with a node and addresses, and who is outside.
///
/// In: `core` as manifests gave it. Out: [Scenario], and the probes it asks for. Never here:
/// namespaces, sockets, files. Start at [Scenario#of].
@NullMarked
package dev.ringfence.lab.scenario;

import org.jspecify.annotations.NullMarked;
