package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What goes on between the files and the kernel while an agent runs; on the agent's thread.
final class FileSession {
  private final FileState files;
  private final NodeAgent agent;
  private final Journal journal;
  private final Consumer<AgentLine> lines;
  private final AgentLog log;
  private @Nullable Loaded applied;
  private List<String> said = List.of();
  private List<String> refusals = List.of();

  FileSession(
      FileState files, NodeAgent agent, Journal journal, Consumer<AgentLine> lines, AgentLog log) {
    this.files = files;
    this.agent = agent;
    this.journal = journal;
    this.lines = lines;
    this.log = log;
  }

  Input input() {
    return new Input(files.paths(), refusals.isEmpty() && applied != null, refusals);
  }

  /// Takes what can be taken of the files as they are now.
  ///
  /// @param known when the change was known, as [System#nanoTime] counts
  /// @return whether everything could
  boolean take(long known) {
    FileState.Reading reading = files.read();
    say(reading);
    refusals = reading.refusals();
    if (refusals.isEmpty()) {
      journal.over(Trouble.INPUT);
    } else {
      String first = refusals.getFirst();
      String rest = refusals.size() == 1 ? "" : " (and " + (refusals.size() - 1) + " more)";
      journal.troubled(Trouble.INPUT, first + rest);
    }
    if (reading.inForce().isEmpty()) {
      return false;
    }
    Loaded loaded = reading.inForce().get();
    boolean inForce = (loaded.equals(applied) && !agent.behind()) || apply(loaded, known);
    return inForce && reading.complete();
  }

  private boolean apply(Loaded loaded, long known) {
    try {
      AgentLine line = agent.apply(loaded.snapshot(), loaded.policies());
      journal.applied(line, agent.lastChange(), Duration.ofNanos(System.nanoTime() - known));
      journal.over(Trouble.KERNEL);
      applied = loaded;
      lines.accept(line);
      return true;
    } catch (KernelRefused | SystemCallException refused) {
      String message = "the kernel keeps what it had: " + refused.getMessage();
      trouble(Trouble.KERNEL, "kernel-refused", message);
      return false;
    }
  }

  /// Says what is wrong with the files, once for as long as it is the same.
  private void say(FileState.Reading reading) {
    List<String> now = new ArrayList<>();
    reading.refusals().forEach(line -> say(Level.ERROR, "input-refused", line, now));
    reading
        .inForce()
        .ifPresent(loaded ->
            loaded.problems().stream()
                .filter(problem -> !problem.isError())
                .map(Problem::toString)
                .forEach(line -> say(Level.WARNING, "input-warning", line, now)));
    said = now;
  }

  private void say(Level level, String event, String line, List<String> now) {
    now.add(line);
    if (!said.contains(line)) {
      log.say(level, event, line);
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

  /// Takes in what has become of interfaces and routes.
  void followWires() {
    try {
      if (agent.rewire()) {
        log.say(
            Level.INFO,
            "wires",
            "wires of pods have changed; unguarded are now " + agent.unguarded());
      }
      journal.over(Trouble.WIRES);
    } catch (KernelRefused | SystemCallException refused) {
      trouble(Trouble.WIRES, "wires-failed", "could not guard all wires: " + refused.getMessage());
    }
  }

  /// Says it once for as long as it is the same.
  private void trouble(Trouble what, String event, String message) {
    if (journal.troubled(what, message)) {
      log.say(Level.ERROR, event, "error: " + message);
    }
  }
}
