/// Random clusters, policies and flows for the laws; nftables and e2e use them too.
///
/// In: a seed and a [WorldShape]. Out: a [World]. Never here: assertions. Start at [World#random].
@NullMarked
package dev.ringfence.core.worlds;

import org.jspecify.annotations.NullMarked;
