/// Nodes and pods as network namespaces on one machine, probed with real packets.
@NullMarked
package dev.ringfence.lab;

import org.jspecify.annotations.NullMarked;
