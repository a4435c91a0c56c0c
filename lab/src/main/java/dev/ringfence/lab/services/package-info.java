/// Services in the lab's kernel: what is sent to a Service's address goes to one of its pods.
///
/// In: the doors of a [dev.ringfence.lab.scenario.Scenario]. Out: a table `inet rf-services` in
/// each node, as a proxy on real nodes would keep. Never here: policies, which judge what comes out
/// of it. Start at [ServiceTables#apply].
@NullMarked
package dev.ringfence.lab.services;

import org.jspecify.annotations.NullMarked;
