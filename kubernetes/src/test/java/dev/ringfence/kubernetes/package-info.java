/// Clusters that misbehave in every way a real one may, and what is followed of them all the same.
@NullMarked
package dev.ringfence.kubernetes;

import org.jspecify.annotations.NullMarked;
