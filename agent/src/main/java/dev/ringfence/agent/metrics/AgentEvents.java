package dev.ringfence.agent.metrics;

import dev.ringfence.nftables.table.Applied;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus.Proved;
import java.time.Duration;

/// Hears what an agent does, as it does it, on the agent's thread.
public interface AgentEvents {
  /// Nobody listens.
  AgentEvents NONE = new AgentEvents() {};

  /// A generation is in force.
  ///
  /// @param change what it took of the kernel
  /// @param took from when the change was known to when the kernel had it
  default void applied(AgentLine line, Applied change, Duration took) {}

  /// Something was refused or went wrong.
  default void troubled(Trouble what) {}

  /// Somebody else's edit was put right.
  ///
  /// @param differences elements, chains and sets
  default void repaired(int differences) {}

  default void proved(Proved proof) {}
}
