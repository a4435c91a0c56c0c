/// The node daemon: cluster state in, programmed kernel out.
@NullMarked
package dev.ringfence.agent;

import org.jspecify.annotations.NullMarked;
