/// JSON lines on Unix sockets: how a running agent is asked.
///
/// In: requests, one a connection. Out: the documents of `report`. Never here: what an agent knows,
/// printing. Start at [AgentDoor] on the agent's side, at [AgentClient] on the one that asks.
@NullMarked
package dev.ringfence.agent.socket;

import org.jspecify.annotations.NullMarked;
