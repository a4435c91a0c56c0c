package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.kubernetes.Batch;
import dev.ringfence.kubernetes.ClusterEvents;
import dev.ringfence.kubernetes.FeedStatus;
import dev.ringfence.kubernetes.LeaseKeeper;
import dev.ringfence.kubernetes.LiveCluster;
import dev.ringfence.kubernetes.NodeReport;
import dev.ringfence.kubernetes.Notice;
import dev.ringfence.report.AgentStatus.Followed;
import dev.ringfence.report.AgentStatus.Input;
import java.time.Duration;
import java.util.Comparator;
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
  private static final int MANY_EVENTS = 2_000;

  /// What the kernel has refused is tried again so often, if nothing else happens.
  private static final Duration RETRY_EVERY = Duration.ofSeconds(10);

  private final String node;
  private final String version;
  private final String address;
  private final LiveCluster cluster;
  private final Optional<LeaseKeeper> lease;
  private final Optional<ClusterEvents> events;
  private final EnforcementWords words;
  private final PortNames portNames;
  private final NodeAgent agent;
  private final KernelSession kernel;
  private final Journal journal;
  private final AgentLog log;

  private long lastTry;

  /// Up to which resource version policies are in force.
  private String policies = "";

  /// What is wrong with objects that are not in force as they are written, by object.
  private final SortedMap<String, List<String>> refused = new TreeMap<>();

  LiveSession(
      AgentInput.Cluster input,
      String node,
      String version,
      NodeAgent agent,
      KernelSession kernel,
      Journal journal,
      AgentLog log) {
    this.node = node;
    this.version = version;
    this.address = input.server().address();
    this.agent = agent;
    this.kernel = kernel;
    this.journal = journal;
    this.log = log;
    this.cluster = LiveCluster.follow(input.server(), LiveCluster.ENFORCED);
    this.lease =
        input
            .leases()
            .map(namespace -> new LeaseKeeper(input.server(), namespace, this::notWritten));
    this.events = input.leases().map(any -> new ClusterEvents(input.server(), this::notWritten));
    this.words = new EnforcementWords(node, events, log);
    this.portNames = new PortNames(agent, words);
  }

  @Override
  public Input input() {
    List<String> lines = refused.values().stream().flatMap(List::stream).toList();
    boolean complete = agent.programmed().isPresent() && lines.isEmpty();
    List<Followed> kinds =
        cluster.status().stream()
            .sorted(Comparator.comparing(FeedStatus::kind))
            .map(LiveSession::followed)
            .toList();
    return new Input(List.of(address), complete, lines, kinds);
  }

  private static Followed followed(FeedStatus feed) {
    return new Followed(
        feed.kind().toString(),
        feed.objects(),
        feed.listedAt().map(Journal::text).orElse(null),
        feed.silence().map(silent -> silent.toMillis() / 1000.0).orElse(null),
        feed.counts().lists(),
        feed.counts().watches(),
        feed.counts().events(),
        feed.trouble().orElse(null));
  }

  /// Takes what the cluster has told so far; nothing before it was listed.
  @Override
  public boolean take(long known) {
    Optional<Batch> polled = cluster.inbox().poll();
    if (polled.isEmpty()) {
      return false;
    }
    Batch batch = polled.get();
    batch.notices().forEach(this::say);
    boolean inForce = isInForce(batch) || apply(batch, known);
    if (inForce) {
      policies = batch.reached().getOrDefault(LiveKind.NETWORK_POLICY, policies);
    }
    tell();
    if (!batch.isEmpty()) {
      portNames.changed();
    }
    portNames.look();
    if (batch.events() > MANY_EVENTS) {
      System.gc(); // lists leave much behind, and then for hours nothing would collect it
    }
    return inForce && refused.isEmpty();
  }

  private boolean isInForce(Batch batch) {
    return batch.isEmpty() && agent.programmed().isPresent() && !agent.behind();
  }

  private boolean apply(Batch batch, long known) {
    boolean retry = batch.isEmpty() && agent.behind();
    if (retry && System.nanoTime() - lastTry < RETRY_EVERY.toNanos()) {
      return false;
    }
    lastTry = System.nanoTime();
    boolean inForce =
        kernel.apply(() -> agent.apply(batch.changes()), batch.isEmpty() ? known : batch.since());
    words.ofBudget(agent);
    return inForce;
  }

  /// Says in the Lease how it stands.
  private void tell() {
    lease.ifPresent(keeper -> {
      String trouble = journal.degraded().stream().findFirst().orElse("");
      keeper.say(
          new NodeReport(node, agent.boot(), agent.generation(), policies, trouble, version));
    });
  }

  private void notWritten(String why) {
    if (!why.isEmpty()) {
      log.say(Level.WARNING, "not-written", why);
    }
  }

  /// Waits until there is something to take.
  ///
  /// @return whether there is
  boolean await(Duration longest) throws InterruptedException {
    return cluster.inbox().await(longest);
  }

  private void say(Notice notice) {
    String object = notice.kind() + " " + notice.name();
    List<String> lines = words.of(notice);
    // Of a part that matches nothing a person may want to know; nobody has to come.
    if (notice.isError()) {
      refused.put(object, lines);
    } else {
      refused.remove(object);
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
      cluster.inbox().await(LOOK_EVERY);
      // Also without changes: how far the policies go is told, and what is wrong.
      heard.changed(System.nanoTime());
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
    lease.ifPresent(LeaseKeeper::close);
    events.ifPresent(ClusterEvents::close);
    cluster.close();
  }
}
