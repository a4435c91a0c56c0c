package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.AgentEvents;
import dev.ringfence.agent.metrics.AgentMetrics;
import dev.ringfence.agent.metrics.MetricsServer;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.agent.socket.AgentDoor;
import dev.ringfence.agent.socket.AgentReply;
import dev.ringfence.agent.socket.AgentRequest;
import dev.ringfence.agent.socket.AgentSockets;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.ProofDocument;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An agent that stays: what it hears from files, the kernel and whoever asks is done in turn by
/// the thread that runs it, in its network namespace.
final class StandingAgent implements AutoCloseable {
  private static final Duration WIRES = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PATIENCE_WITH_PROOF = Duration.ofMinutes(10);
  private static final Duration PATIENCE_OF_METRICS = Duration.ofSeconds(2);

  /// Opens where the state comes from, once the agent is there.
  interface Opening {
    ClusterSource open(NodeAgent agent, KernelSession kernel, Journal journal) throws IOException;
  }

  private final AgentLoop loop = new AgentLoop();
  private final AgentLog log;
  private final NodeAgent agent;
  private final Journal journal;
  private final KernelSession kernel;
  private final ClusterSource source;
  private final StatusDocument status;
  private final ProofSession proofs;
  private final Deque<Closeable> toClose = new ArrayDeque<>();

  /// Whether the first table of this run is still to be proved.
  private boolean proofAtStart;

  private boolean inForce;

  StandingAgent(
      String node, Opening opening, AgentOptions options, Consumer<AgentLine> lines, AgentLog log)
      throws IOException {
    this.log = log;
    Optional<AgentMetrics> metrics =
        options.metrics().map(at -> new AgentMetrics(node, options.version()));
    journal = new Journal(metrics.<AgentEvents>map(counted -> counted).orElse(AgentEvents.NONE));
    try {
      if (options.asked()) {
        openDoor(node, options.socket());
      }
      agent = closing(NodeAgent.open(node, options.table(), options.budget()));
      kernel = new KernelSession(agent, journal, lines, log);
      source = closing(opening.open(agent, kernel, journal));
      boolean mayRepair = !options.resync().isZero();
      proofs = closing(new ProofSession(agent, kernel, journal, loop, log, mayRepair));
      status = new StatusDocument(node, agent, source, journal, options);
      if (metrics.isPresent()) {
        serve(options, metrics.get());
      }
    } catch (IOException | RuntimeException failed) {
      close();
      throw failed;
    }
    proofAtStart = !options.proof().isZero();
    loop.every(options.resync(), kernel::repair);
    loop.every(options.proof(), this::prove);
    loop.every(RETRY, this::retry);
    loop.every(WIRES, kernel::followWires);
  }

  /// Where nobody said where, nothing about a socket keeps the agent from its work.
  private void openDoor(String node, Optional<Path> wanted) throws IOException {
    if (wanted.isPresent()) {
      closing(AgentDoor.open(wanted.get(), this::answer));
      return;
    }
    try {
      closing(openUsualDoor(node));
    } catch (IOException | IllegalArgumentException failed) {
      log.say(
          Level.WARNING,
          "no-socket",
          "`ringfence status` cannot ask this agent: " + failed.getMessage());
    }
  }

  /// Another namespace of this machine may be a node of the same name.
  private AgentDoor openUsualDoor(String node) throws IOException {
    AgentDoor.forgetDead(AgentSockets.allOf(node));
    try {
      return AgentDoor.open(AgentSockets.of(node), this::answer);
    } catch (AgentDoor.InUse taken) {
      return AgentDoor.open(AgentSockets.another(node), this::answer);
    }
  }

  private <T extends AutoCloseable> T closing(T one) {
    toClose.push(() -> {
      try {
        one.close();
      } catch (Exception failed) {
        throw new IOException(failed);
      }
    });
    return one;
  }

  private void serve(AgentOptions options, AgentMetrics metrics) throws IOException {
    InetSocketAddress at = options.metrics().orElseThrow();
    MetricsServer server;
    try {
      server = closing(MetricsServer.open(at, metrics, new Asked()));
    } catch (IOException failed) {
      throw new IOException(
          "metrics cannot be served at " + words(at) + ": " + failed.getMessage(), failed);
    }
    log.say(Level.INFO, "metrics", "metrics at http://" + words(server.address()) + "/metrics");
  }

  private static String words(InetSocketAddress at) {
    String host = at.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
  }

  /// Answers whoever scrapes.
  private final class Asked implements MetricsServer.Source {
    @Override
    public Optional<AgentStatus> status() {
      try {
        return Optional.of(ask(() -> status.now(), PATIENCE_OF_METRICS));
      } catch (Unanswered busy) {
        return Optional.empty();
      }
    }

    @Override
    public Duration busy() {
      return loop.sinceLastTurn();
    }
  }

  /// Runs until it is stopped or the thread is interrupted.
  ///
  /// @return whether everything is in force; at once if it is not and nothing could change that
  boolean run() {
    long known = System.nanoTime();
    loop.post(() -> {
      inForce = take(known);
      if (!inForce && !source.changes()) {
        loop.stop();
      }
    });
    Thread watcher = Thread.ofPlatform().name("watch").daemon().start(this::follow);
    try {
      loop.run();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      end(watcher);
    }
    log.say(Level.INFO, "ended", "ended; the rules stay");
    return inForce || source.changes();
  }

  private static void end(Thread watcher) {
    watcher.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      watcher.join();
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() {
    loop.stop();
  }

  /// Has every change taken in, until interrupted.
  private void follow() {
    try {
      source.follow(new Following());
    } catch (InterruptedException ended) {
      // Nothing more is to be followed.
    }
  }

  private final class Following implements ClusterSource.Heard {
    @Override
    public void changed(long known) throws InterruptedException {
      CountDownLatch done = new CountDownLatch(1);
      loop.post(() -> {
        try {
          take(known);
        } finally {
          done.countDown();
        }
      });
      done.await();
    }

    @Override
    public void deaf(Trouble what, String why) {
      loop.post(() -> journal.troubled(what, why));
      log.say(Level.ERROR, "watch-failed", "error: " + why);
    }

    @Override
    public void hearing(Trouble what) {
      loop.post(() -> journal.over(what));
    }
  }

  /// What comes of it is in the journal.
  private void prove() {
    if (agent.programmed().isPresent()) {
      var _ = proofs.prove();
    }
  }

  /// As [#prove], for somebody who waits for it.
  private AgentReply proved() throws Unanswered {
    CompletableFuture<ProofDocument> done = new CompletableFuture<>();
    loop.post(() -> {
      var _ = proofs.prove().whenComplete((proof, failed) -> settle(done, proof, failed));
    });
    try {
      return AgentReply.of(done.get(PATIENCE_WITH_PROOF.toSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException tooLong) {
      throw new Unanswered("the proof is still at work");
    } catch (ExecutionException failed) {
      throw new Unanswered(words(failed));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new Unanswered("the agent is ending");
    }
  }

  private static void settle(
      CompletableFuture<ProofDocument> done,
      @Nullable ProofDocument proof,
      @Nullable Throwable failed) {
    if (proof == null) {
      done.completeExceptionally(failed == null ? new IllegalStateException("no proof") : failed);
    } else {
      done.complete(proof);
    }
  }

  /// The kernel may have come round; a budget does not grow.
  private void retry() {
    if (agent.behind() && agent.overBudget().isEmpty()) {
      take(System.nanoTime());
    }
  }

  private boolean take(long known) {
    boolean all = source.take(known);
    if (proofAtStart && agent.programmed().isPresent()) {
      proofAtStart = false;
      prove();
    }
    return all;
  }

  private AgentReply answer(AgentRequest request) {
    try {
      return switch (request.verb()) {
        // Whoever asks while the agent is still being made waits for its thread: no `status::now`.
        case AgentRequest.STATUS -> AgentReply.of(ask(() -> status.now(), PATIENCE));
        case AgentRequest.PROOF -> proved();
        case AgentRequest.TABLE -> AgentReply.of(ask(() -> agent.describe(), PATIENCE));
        default -> AgentReply.failed("no such request: " + request.verb());
      };
    } catch (Unanswered busy) {
      return AgentReply.failed(String.valueOf(busy.getMessage()));
    }
  }

  private <T> T ask(Callable<T> question, Duration atMost) throws Unanswered {
    try {
      return loop.ask(question, atMost);
    } catch (TimeoutException busy) {
      throw new Unanswered(
          "the agent has been busy for %d s".formatted(loop.sinceLastTurn().toSeconds()));
    } catch (ExecutionException failed) {
      throw new Unanswered(words(failed));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new Unanswered("the agent is ending");
    }
  }

  private static String words(ExecutionException failed) {
    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
    return cause instanceof IllegalStateException
        ? String.valueOf(cause.getMessage())
        : cause.toString();
  }

  /// The agent's thread did not answer.
  private static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(String message) {
      super(message);
    }
  }

  /// Lets go of everything but the rules.
  @Override
  public void close() throws IOException {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }
}
