/// What the kernel knows of the way to a pod, in namespaces made for it.
///
/// Start at [PodWiresTest].
@NullMarked
package dev.ringfence.nftables.route;

import org.jspecify.annotations.NullMarked;
