/// Hunts for texts that the manifest reader gets wrong; it has to see the reader's own trees.
@NullMarked
package dev.ringfence.core.manifest;

import org.jspecify.annotations.NullMarked;
