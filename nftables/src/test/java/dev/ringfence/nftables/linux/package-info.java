/// Sockets and namespaces against this kernel.
///
/// Start at [NetworkNamespaceTest].
@NullMarked
package dev.ringfence.nftables.linux;

import org.jspecify.annotations.NullMarked;
