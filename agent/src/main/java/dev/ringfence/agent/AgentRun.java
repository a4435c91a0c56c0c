package dev.ringfence.agent;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.report.AgentLine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// `ringfence agent`: one node's table from files, in the network namespace of the calling thread.
///
/// @param node whose pods are enforced
/// @param paths files, folders, `-`
/// @param mode when it ends
/// @param options of the table
/// @param resync how often the kernel is read back and repaired; zero for never
/// @param lines takes a line for each generation that is in force
/// @param words takes what a person has to know, such as errors of the input
public record AgentRun(
    String node,
    List<String> paths,
    Mode mode,
    DataplaneOptions options,
    Duration resync,
    Consumer<AgentLine> lines,
    Consumer<String> words) {
  public static final int IN_FORCE = 0;
  public static final int REFUSED = 2;

  private static final Duration FOREVER = Duration.ofDays(1);

  /// When the agent ends, and what it looks at until then.
  public enum Mode {
    /// After the first generation.
    ONCE,
    /// Never; keeps the table as the files said at the start.
    STAY,
    /// Never; follows the files.
    WATCH
  }

  public AgentRun {
    paths = List.copyOf(paths);
  }

  /// Runs until the mode says so, or until the thread is interrupted. Whatever ends it, the rules
  /// stay.
  ///
  /// @param standardInput what `-` stands for
  /// @return the exit code: [#IN_FORCE], or [#REFUSED] where the input has errors or the kernel
  ///   says no; the table is as it was then
  public int run(byte[] standardInput) throws IOException {
    FileState files = new FileState(paths, standardInput);
    try (FileWatch watch = new FileWatch(mode == Mode.WATCH ? paths : List.of());
        NodeAgent agent = NodeAgent.open(node, options)) {
      boolean inForce = take(files, agent);
      if (mode == Mode.ONCE || (mode == Mode.STAY && !inForce)) {
        return inForce ? IN_FORCE : REFUSED;
      }
      keep(files, watch, agent);
      return IN_FORCE;
    } catch (KernelRefused | SystemCallException refused) {
      words.accept("error: the kernel refused: " + refused.getMessage());
      return REFUSED;
    }
  }

  /// Deletes the tables of the namespace; everything may pass from then on.
  ///
  /// @return the exit code
  public static int remove(Consumer<String> words) {
    try (NftablesDataplane dataplane = NftablesDataplane.open(DataplaneOptions.STANDARD)) {
      dataplane.remove();
      return IN_FORCE;
    } catch (KernelRefused | SystemCallException refused) {
      words.accept("error: the kernel refused: " + refused.getMessage());
      return REFUSED;
    }
  }

  private void keep(FileState files, FileWatch watch, NodeAgent agent) throws IOException {
    Duration wait = resync.isZero() ? FOREVER : resync;
    try {
      while (true) {
        if (watch.awaitChange(wait)) {
          take(files, agent);
        } else if (!resync.isZero()) {
          repair(files, agent);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes what can be taken of the files as they are now.
  ///
  /// @return whether everything could
  private boolean take(FileState files, NodeAgent agent) {
    FileState.Reading reading = files.read();
    reading.refusals().forEach(words);
    if (reading.inForce().isEmpty()) {
      return false;
    }
    Loaded loaded = reading.inForce().get();
    loaded
        .problems()
        .forEach(problem -> {
          if (!problem.isError()) {
            words.accept(problem.toString());
          }
        });
    try {
      lines.accept(agent.apply(loaded.snapshot(), loaded.policies()));
      return reading.complete();
    } catch (KernelRefused refused) {
      words.accept("error: the kernel keeps what it had: " + refused.getMessage());
      return false;
    }
  }

  private void repair(FileState files, NodeAgent agent) {
    if (agent.behind()) {
      take(files, agent);
      return;
    }
    try {
      int repaired = agent.repair();
      if (repaired > 0) {
        words.accept(
            "repaired " + repaired + " differences between the kernel and what we applied");
      }
    } catch (KernelRefused | SystemCallException refused) {
      words.accept("error: could not read back or repair: " + refused.getMessage());
    }
  }
}
