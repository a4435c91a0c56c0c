package dev.ringfence.agent;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.report.AgentLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    try (FileWatch watch = new FileWatch(mode == Mode.WATCH ? paths : List.of());
        NodeAgent agent = NodeAgent.open(node, options)) {
      Session session = new Session(new FileState(paths, standardInput), agent);
      boolean inForce = session.take();
      if (mode == Mode.ONCE || (mode == Mode.STAY && !inForce)) {
        return inForce ? IN_FORCE : REFUSED;
      }
      keep(session, watch);
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

  private void keep(Session session, FileWatch watch) throws IOException {
    Duration wait = resync.isZero() ? FOREVER : resync;
    try {
      while (true) {
        if (watch.awaitChange(wait)) {
          session.take();
        } else if (!resync.isZero()) {
          session.repair();
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /// What goes on between the files and the kernel while the agent runs.
  private final class Session {
    private final FileState files;
    private final NodeAgent agent;
    private @Nullable Loaded applied;
    private List<String> said = List.of();

    Session(FileState files, NodeAgent agent) {
      this.files = files;
      this.agent = agent;
    }

    /// Takes what can be taken of the files as they are now.
    ///
    /// @return whether everything could
    boolean take() {
      FileState.Reading reading = files.read();
      say(reading);
      if (reading.inForce().isEmpty()) {
        return false;
      }
      Loaded loaded = reading.inForce().get();
      if (!loaded.equals(applied) || agent.behind()) {
        try {
          lines.accept(agent.apply(loaded.snapshot(), loaded.policies()));
          applied = loaded;
        } catch (KernelRefused refused) {
          words.accept("error: the kernel keeps what it had: " + refused.getMessage());
          return false;
        }
      }
      return reading.complete();
    }

    /// Says what is wrong with the files, once for as long as it is the same.
    private void say(FileState.Reading reading) {
      List<String> now = new ArrayList<>(reading.refusals());
      reading
          .inForce()
          .ifPresent(loaded ->
              loaded.problems().stream()
                  .filter(problem -> !problem.isError())
                  .forEach(problem -> now.add(problem.toString())));
      now.stream().filter(line -> !said.contains(line)).forEach(words);
      said = now;
    }

    void repair() {
      if (agent.behind()) {
        take();
        return;
      }
      try {
        int repaired = agent.repair();
        if (repaired > 0) {
          words.accept("repaired " + repaired + " differences between the kernel and our table");
        }
      } catch (KernelRefused | SystemCallException refused) {
        words.accept("error: could not read back or repair: " + refused.getMessage());
      }
    }
  }
}
