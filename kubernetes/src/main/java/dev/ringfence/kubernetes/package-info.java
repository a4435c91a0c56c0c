/// The state of a running cluster, followed through its API: objects as they come, go and change,
/// in order, and never less than a fresh list would say.
///
/// In: an API server, through fabric8's configuration and HTTP. Out: [Inbox], batches of changes.
/// Never here: selectors, kernel, printing. Start at [LiveCluster].
@NullMarked
package dev.ringfence.kubernetes;

import org.jspecify.annotations.NullMarked;
