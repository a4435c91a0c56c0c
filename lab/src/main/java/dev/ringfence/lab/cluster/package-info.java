/// The cluster behind the lab's API: workloads make pods, pods get nodes and addresses, and what
/// the API holds becomes the lab's scenario.
///
/// In: objects of [dev.ringfence.lab.api], manifests. Out: what core reads of them, and the
/// objects' status once it is in force. Never here: namespaces, kernels, HTTP. Start at [Cluster].
@NullMarked
package dev.ringfence.lab.cluster;

import org.jspecify.annotations.NullMarked;
