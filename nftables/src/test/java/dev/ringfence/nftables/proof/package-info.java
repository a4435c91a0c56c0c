/// The proof, tried on tables that are right and on tables that are not.
@NullMarked
package dev.ringfence.nftables.proof;

import org.jspecify.annotations.NullMarked;
