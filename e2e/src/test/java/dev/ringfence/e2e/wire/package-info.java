/// Network namespaces for tests, packets made by hand, and ears that tell which of them arrived.
///
/// In: addresses and bytes. Out: what was seen, and where. Never here: policies, assertions.
/// Nothing is sent from the main namespace. Start at [Space].
@NullMarked
package dev.ringfence.e2e.wire;

import org.jspecify.annotations.NullMarked;
