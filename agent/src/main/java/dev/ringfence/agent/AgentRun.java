package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.AgentEvents;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus.Proved;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `ringfence agent`: one node's table, from files or a running cluster, in the network namespace
/// of the calling thread.
public final class AgentRun {
  public static final int IN_FORCE = 0;

  /// In force, but the proof found that it does not do what the policies say.
  public static final int DIFFERS = 1;

  public static final int REFUSED = 2;

  /// How long `--once` waits for a cluster.
  private static final Duration FIRST_LISTS = Duration.ofSeconds(60);

  private final String node;
  private final AgentInput input;
  private final Mode mode;
  private final AgentOptions options;
  private final Consumer<AgentLine> lines;
  private final AgentLog log;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicReference<@Nullable StandingAgent> standing = new AtomicReference<>();

  /// When the agent ends, and what it looks at until then.
  public enum Mode {
    /// After the first generation.
    ONCE,
    /// When it is stopped; keeps the table as the files said at the start.
    STAY,
    /// When it is stopped; follows the files.
    WATCH
  }

  /// Starts nothing yet.
  ///
  /// @param node whose pods are enforced
  /// @param input what it follows
  /// @param lines takes a line for each generation that is in force
  /// @param log takes what a person has to know, such as errors of the input
  public AgentRun(
      String node,
      AgentInput input,
      Mode mode,
      AgentOptions options,
      Consumer<AgentLine> lines,
      AgentLog log) {
    this.node = node;
    this.input = input;
    this.mode = mode;
    this.options = options;
    this.lines = lines;
    this.log = log;
  }

  /// Runs until the mode says so, or until it is stopped or the thread is interrupted. Whatever
  /// ends it, the rules stay.
  ///
  /// @param standardInput what `-` stands for
  /// @return the exit code: [#IN_FORCE], [#DIFFERS], or [#REFUSED] where the input has errors or
  ///   needs more than the budget, the kernel says no or another agent is here; the table is as it
  ///   was then
  public int run(byte[] standardInput) {
    return orRefused(
        log,
        () -> {
          try (Closeable _ = alone()) {
            return mode == Mode.ONCE ? once(standardInput) : stay(standardInput);
          }
        });
  }

  private interface Work {
    int run() throws IOException;
  }

  /// The work's exit code, or [#REFUSED] and why.
  private static int orRefused(AgentLog log, Work work) {
    try {
      return work.run();
    } catch (KernelRefused | SystemCallException refused) {
      log.say(Level.ERROR, "kernel-refused", "error: the kernel refused: " + refused.getMessage());
    } catch (IOException failed) {
      log.say(Level.ERROR, "cannot-run", "error: " + failed.getMessage());
    }
    return REFUSED;
  }

  /// Where locks cannot be kept, nothing about them keeps the agent from its work.
  private Closeable alone() throws NamespaceLock.Taken {
    try {
      return NamespaceLock.take("the agent of node " + node)::close;
    } catch (NamespaceLock.Taken taken) {
      throw taken;
    } catch (IOException failed) {
      log.say(
          Level.WARNING,
          "no-lock",
          "another agent of this network namespace would not be noticed: " + failed);
      return () -> {};
    }
  }

  private int once(byte[] standardInput) throws IOException {
    try (NodeAgent agent = NodeAgent.open(node, options.table(), options.budget())) {
      Journal journal = new Journal(AgentEvents.NONE);
      Consumer<AgentLine> proving =
          line -> {
            if (!options.proof().isZero()) {
              agent.provable().ifPresent(what -> journal.proved(Proved.of(what.prove())));
            }
            lines.accept(line.withProof(journal.proof().result()));
          };
      KernelSession kernel = new KernelSession(agent, journal, proving, log);
      try (ClusterSource source = source(standardInput, agent, kernel, journal)) {
        if (!isThere(source) || !source.take(System.nanoTime())) {
          return REFUSED;
        }
      }
      List<String> differences = journal.proof().differences();
      differences.forEach(one -> log.say(Level.ERROR, "proof-differs", "error: proof: " + one));
      return differences.isEmpty() ? IN_FORCE : DIFFERS;
    }
  }

  /// A cluster tells in its own time.
  private boolean isThere(ClusterSource source) throws IOException {
    if (!(source instanceof LiveSession live)) {
      return true;
    }
    try {
      boolean there = live.await(FIRST_LISTS);
      if (!there) {
        throw new IOException(
            live.trouble()
                .orElse("the cluster was not listed within " + FIRST_LISTS.toSeconds() + " s"));
      }
      return there;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private ClusterSource source(
      byte[] standardInput, NodeAgent agent, KernelSession kernel, Journal journal)
      throws IOException {
    return switch (input) {
      case AgentInput.Files(var paths) ->
          new FileSession(
              new FileState(paths, standardInput), mode == Mode.WATCH, agent, kernel, journal, log);
      case AgentInput.Cluster cluster ->
          new LiveSession(cluster, node, options.version(), agent, kernel, journal, log);
    };
  }

  private int stay(byte[] standardInput) throws IOException {
    try (StandingAgent agent =
        new StandingAgent(
            node,
            (of, kernel, journal) -> source(standardInput, of, kernel, journal),
            options,
            lines,
            log)) {
      standing.set(agent);
      if (stopped.get()) {
        return IN_FORCE;
      }
      return agent.run() ? IN_FORCE : REFUSED;
    }
  }

  /// Has [#run] end when it has done what it is at; from any thread.
  public void stop() {
    stopped.set(true);
    StandingAgent agent = standing.get();
    if (agent != null) {
      agent.stop();
    }
  }

  /// Deletes the tables of the namespace; everything may pass from then on.
  ///
  /// @return the exit code
  public static int remove(AgentLog log) {
    return orRefused(
        log,
        () -> {
          try (NamespaceLock _ = NamespaceLock.take("agent --remove");
              NftablesDataplane dataplane = NftablesDataplane.open(DataplaneOptions.STANDARD)) {
            dataplane.remove();
            return IN_FORCE;
          }
        });
  }
}
