/// A Kubernetes API of the lab's own, for `kubectl` and for agents: HTTPS on loopback, with a
/// token.
///
/// In: requests. Out: what a cluster's API server would answer. Never here: what an object means or
/// what follows from it; nothing of a request reaches a file name or a shell. Start at
/// [ApiEndpoint]; [Router] shows every address.
@NullMarked
package dev.ringfence.lab.api;

import org.jspecify.annotations.NullMarked;
