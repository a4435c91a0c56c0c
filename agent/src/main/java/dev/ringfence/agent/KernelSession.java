package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.report.AgentLine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What goes on between a state and the kernel while an agent runs, wherever the state comes from;
/// on the agent's thread.
final class KernelSession {
  private final NodeAgent agent;
  private final Journal journal;
  private final Consumer<AgentLine> lines;
  private final AgentLog log;

  KernelSession(NodeAgent agent, Journal journal, Consumer<AgentLine> lines, AgentLog log) {
    this.agent = agent;
    this.journal = journal;
    this.lines = lines;
    this.log = log;
  }

  /// Puts a state in force.
  ///
  /// @param work answers nothing where nothing had to be done
  /// @param known when the change was known, as [System#nanoTime] counts
  /// @return whether it is in force
  boolean apply(Supplier<Optional<AgentLine>> work, long known) {
    boolean wasOver = agent.overBudget().isPresent();
    try {
      Optional<AgentLine> line = work.get();
      journal.over(Trouble.KERNEL);
      journal.over(Trouble.BUDGET);
      if (line.isPresent()) {
        Duration took = Duration.ofNanos(System.nanoTime() - known);
        journal.applied(line.get(), agent.lastChange(), took);
        lines.accept(line.get());
      }
      return true;
    } catch (KernelRefused | SystemCallException refused) {
      String message = "the kernel keeps what it had: " + refused.getMessage();
      journal.over(Trouble.BUDGET);
      trouble(Trouble.KERNEL, "kernel-refused", message);
      return false;
    } catch (OverBudget refused) {
      overBudget(refused, wasOver);
      return false;
    }
  }

  /// Said when it begins; how it goes on is in the status.
  private void overBudget(OverBudget refused, boolean wasOver) {
    String message = "the kernel keeps what it had: " + refused.getMessage();
    journal.troubled(Trouble.BUDGET, message);
    if (!wasOver) {
      log.say(Level.ERROR, "over-budget", "error: " + message + " (--member-budget)");
    }
  }

  /// Looks whether the kernel still holds what it should, and puts it right; also while the kernel
  /// refuses what should come next.
  void repair() {
    try {
      int differences = agent.restore();
      if (differences > 0) {
        journal.repaired(differences);
        log.say(
            Level.WARNING,
            "repaired",
            "repaired " + differences + " differences between the kernel and our table");
      }
      journal.over(Trouble.REPAIR);
    } catch (KernelRefused | SystemCallException refused) {
      trouble(
          Trouble.REPAIR,
          "repair-failed",
          "could not read back or repair: " + refused.getMessage());
    }
    followWires();
  }

  /// Takes in what has become of interfaces and routes, and of kept connections whose addresses
  /// have changed hands.
  void followWires() {
    try {
      if (agent.rewire()) {
        log.say(
            Level.INFO,
            "wires",
            "wires of pods have changed; unguarded are now " + agent.unguarded());
      }
      agent.settle();
      journal.over(Trouble.WIRES);
    } catch (KernelRefused | SystemCallException refused) {
      trouble(
          Trouble.WIRES,
          "wires-failed",
          "could not follow all wires and addresses: " + refused.getMessage());
    }
  }

  /// Says it once for as long as it is the same.
  private void trouble(Trouble what, String event, String message) {
    if (journal.troubled(what, message)) {
      log.say(Level.ERROR, event, "error: " + message);
    }
  }
}
