package dev.ringfence.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Says in a node's Lease how its agent stands: soon after something changes, and every ten seconds
/// in any case. A server that does not answer never keeps the agent from its work.
public final class LeaseKeeper implements AutoCloseable {
  private static final Duration RENEWED_EVERY = Duration.ofSeconds(10);

  /// A thousand agents say it at once when a policy changes; each at most so often.
  private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

  private final ApiServer server;
  private final String namespace;
  private final Consumer<String> trouble;
  private final Thread thread;
  private @Nullable NodeReport latest;
  private boolean news;
  private boolean failing;

  /// @param trouble told once when it cannot be said, until it can again; then told nothing, as an
  ///   empty text
  public LeaseKeeper(ApiServer server, String namespace, Consumer<String> trouble) {
    this.server = server;
    this.namespace = namespace;
    this.trouble = trouble;
    this.thread = Thread.ofVirtual().name("lease").start(this::run);
  }

  /// How it stands from now on.
  public synchronized void say(NodeReport report) {
    if (!report.equals(latest)) {
      latest = report;
      news = true;
      notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        write(next());
        Thread.sleep(AT_MOST_EVERY);
      }
    } catch (InterruptedException _) {
      // Closed; the Lease runs out.
    }
  }

  private synchronized NodeReport next() throws InterruptedException {
    long end = System.nanoTime() + RENEWED_EVERY.toNanos();
    while (latest == null || (!news && System.nanoTime() < end)) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
    news = false;
    return latest;
  }

  private void write(NodeReport report) throws InterruptedException {
    String path = NodeLease.path(namespace) + "/" + NodeLease.name(report.node());
    try {
      server.apply(path, new NodeLease(report, Instant.now()).json(namespace));
      if (failing) {
        trouble.accept("");
      }
      failing = false;
    } catch (IOException failed) {
      if (!failing) {
        trouble.accept("the Lease of this node cannot be written: " + failed.getMessage());
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
