package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A running cluster, followed from its first list on until it is closed.
public final class LiveCluster implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(150);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /// What an enforcer has to know; Services come to nothing, since policies judge backends (S105).
  public static final Set<LiveKind> ENFORCED =
      Set.of(LiveKind.NAMESPACE, LiveKind.NODE, LiveKind.POD, LiveKind.NETWORK_POLICY);

  private final ApiServer server;
  private final Inbox inbox;
  private final Silence silence;
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private LiveCluster(ApiServer server, Set<LiveKind> kinds, Duration longestSilence) {
    this.server = server;
    this.inbox = new Inbox(kinds);
    this.silence = new Silence(longestSilence);
    for (LiveKind kind : kinds) {
      feeds.add(new Feed(server, kind, inbox, silence));
    }
  }

  /// Begins to follow it; returns at once.
  ///
  /// @param server closed with the cluster
  public static LiveCluster follow(ApiServer server, Set<LiveKind> kinds) {
    return follow(server, kinds, SILENCE);
  }

  /// @param longestSilence after which a watch is begun anew
  static LiveCluster follow(ApiServer server, Set<LiveKind> kinds, Duration longestSilence) {
    LiveCluster cluster = new LiveCluster(server, kinds, longestSilence);
    for (Feed feed : cluster.feeds) {
      cluster.threads.add(Thread.ofVirtual().name("feed-" + feed.status().kind()).start(feed));
    }
    return cluster;
  }

  /// Where changes come out.
  public Inbox inbox() {
    return inbox;
  }

  /// How it stands with each kind.
  public List<FeedStatus> status() {
    return feeds.stream().map(Feed::status).toList();
  }

  @Override
  public void close() {
    feeds.forEach(Feed::close);
    threads.forEach(Thread::interrupt);
    inbox.close();
    server.close();
    try {
      for (Thread thread : threads) {
        thread.join(LAST_WORDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    silence.close();
  }
}
