/// The agent's socket, from both sides.
@NullMarked
package dev.ringfence.agent.socket;

import org.jspecify.annotations.NullMarked;
