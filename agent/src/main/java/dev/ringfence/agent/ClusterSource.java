package dev.ringfence.agent;

import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.report.AgentStatus.Input;
import java.io.IOException;

/// Where an agent's state comes from. Used on the agent's thread, but for [#follow].
interface ClusterSource extends AutoCloseable {
  /// How it stands with it.
  Input input();

  /// Takes in what there is now, and what the kernel has refused so far.
  ///
  /// @param known when the change was known, as [System#nanoTime] counts
  /// @return whether all of it is in force
  boolean take(long known);

  /// Whether there can be changes after the first state.
  boolean changes();

  /// Tells of every change, until the thread is interrupted; on a thread of its own.
  void follow(Heard heard) throws InterruptedException;

  @Override
  void close() throws IOException;

  /// Who is told of changes.
  interface Heard {
    /// Has them taken in, and comes back when that is done.
    void changed(long known) throws InterruptedException;

    /// Changes are not noticed for the time being.
    void deaf(Trouble what, String why);

    /// They are again.
    void hearing(Trouble what);
  }
}
