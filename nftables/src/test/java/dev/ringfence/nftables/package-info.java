/// What the kernel's tests share.
///
/// Start at [ScratchNamespace].
@NullMarked
package dev.ringfence.nftables;

import org.jspecify.annotations.NullMarked;
