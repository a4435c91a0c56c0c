package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.kubernetes.ApiServer;
import dev.ringfence.kubernetes.Batch;
import dev.ringfence.kubernetes.FeedStatus;
import dev.ringfence.kubernetes.LiveCluster;
import dev.ringfence.kubernetes.Notice;
import dev.ringfence.report.AgentStatus.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A state that a running cluster tells; on the agent's thread.
///
/// Before everything has been listed once nothing is programmed, and what an earlier run left stays
/// (S125). While the server cannot be reached, what was last known of it stays in force.
final class LiveSession implements ClusterSource {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final String address;
  private final LiveCluster cluster;
  private final NodeAgent agent;
  private final KernelSession kernel;
  private final Journal journal;
  private final AgentLog log;

  /// What is wrong with objects that are not in force as they are written, by object.
  private final SortedMap<String, List<String>> refused = new TreeMap<>();

  LiveSession(
      ApiServer server, NodeAgent agent, KernelSession kernel, Journal journal, AgentLog log) {
    this.address = server.address();
    this.agent = agent;
    this.kernel = kernel;
    this.journal = journal;
    this.log = log;
    this.cluster = LiveCluster.follow(server, LiveCluster.ENFORCED);
  }

  @Override
  public Input input() {
    List<String> lines = refused.values().stream().flatMap(List::stream).toList();
    return new Input(List.of(address), agent.programmed().isPresent() && lines.isEmpty(), lines);
  }

  /// Takes what the cluster has told so far; nothing before it was listed.
  @Override
  public boolean take(long known) {
    Optional<Batch> batch = cluster.inbox().poll();
    if (batch.isEmpty() && !agent.behind()) {
      return agent.programmed().isPresent() && refused.isEmpty();
    }
    batch.ifPresent(some -> some.notices().forEach(this::say));
    Changes changes = batch.map(Batch::changes).orElse(Changes.of());
    long since = batch.map(Batch::since).orElse(known);
    return kernel.apply(() -> agent.apply(changes), since) && refused.isEmpty();
  }

  /// Waits until there is something to take.
  ///
  /// @return whether there is
  boolean await(Duration longest) throws InterruptedException {
    return cluster.inbox().await(longest);
  }

  private void say(Notice notice) {
    String object = notice.kind() + " " + notice.name();
    if (notice.problems().isEmpty()) {
      refused.remove(object);
    } else {
      String rest = notice.inForce() ? "" : " (its last good version, if any, stays in force)";
      List<String> lines = new ArrayList<>();
      for (Problem problem : notice.problems()) {
        lines.add(problem + rest);
        log.say(problem.isError() ? Level.ERROR : Level.WARNING, "input-refused", problem + rest);
      }
      refused.put(object, lines);
    }
    if (refused.isEmpty()) {
      journal.over(Trouble.INPUT);
    } else {
      List<String> first = refused.firstEntry().getValue();
      String more = refused.size() == 1 ? "" : " (and " + (refused.size() - 1) + " more objects)";
      journal.troubled(Trouble.INPUT, first.getFirst() + more);
    }
  }

  @Override
  public boolean changes() {
    return true;
  }

  @Override
  public void follow(Heard heard) throws InterruptedException {
    boolean deaf = false;
    while (true) {
      if (cluster.inbox().await(LOOK_EVERY)) {
        heard.changed(System.nanoTime());
      }
      Optional<String> trouble = trouble();
      if (trouble.isPresent() && !deaf) {
        heard.deaf(Trouble.CLUSTER, trouble.get());
      } else if (trouble.isEmpty() && deaf) {
        heard.hearing(Trouble.CLUSTER);
      }
      deaf = trouble.isPresent();
    }
  }

  /// Why some kind of objects is not followed now.
  Optional<String> trouble() {
    return cluster.status().stream()
        .map(FeedStatus::trouble)
        .flatMap(Optional::stream)
        .findFirst()
        .map(why -> "the cluster cannot be followed: " + why);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
