package dev.ringfence.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.kubernetes.FaultyServer.Instead;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens on the way, what is followed ends as a fresh list would say.
class LiveClusterLaws {
  private static final List<Instead> INSTEAD = List.of(Instead.values());
  private static final Duration SOON = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 16, 17})
  void anySequenceOfEventsAndFaultsEndsInTheStateOfAFreshList(long seed) throws Exception {
    SplittableRandom dice = new SplittableRandom(seed);
    FaultyServer server = new FaultyServer();
    for (int i = 0; i < 20; i++) {
      change(server, dice);
    }
    Followed followed = new Followed();
    try (LiveCluster cluster =
        LiveCluster.follow(server, LiveCluster.ENFORCED, Duration.ofMillis(300))) {
      for (int i = 0; i < 150; i++) {
        change(server, dice);
        if (dice.nextInt(4) == 0) {
          fault(server, dice);
        }
        if (dice.nextInt(6) == 0) {
          followed.take(cluster.inbox(), Duration.ofMillis(dice.nextInt(30)));
        }
      }
      server.down(false);
      server.answer(Instead.NOTHING);
      Map<Object, Object> fresh = fresh(server);
      long end = System.nanoTime() + SOON.toNanos();
      while (!followed.state.equals(fresh) && System.nanoTime() < end) {
        followed.take(cluster.inbox(), Duration.ofMillis(100));
      }
      assertEquals(fresh, followed.state, "seed " + seed + " " + cluster.status());
    }
  }

  private static void change(FaultyServer server, SplittableRandom dice) {
    String name = "n" + dice.nextInt(8);
    switch (dice.nextInt(10)) {
      case 0 -> server.set(LiveKind.NAMESPACE, name, Objects.namespace(name, dice));
      case 1 -> server.remove(LiveKind.NAMESPACE, name);
      case 2, 3 -> server.set(LiveKind.NETWORK_POLICY, name, Objects.policy(name, dice));
      case 4 -> server.remove(LiveKind.NETWORK_POLICY, name);
      case 5, 6, 7 -> server.set(LiveKind.POD, name, Objects.pod(name, dice));
      case 8 -> server.remove(LiveKind.POD, name);
      default -> server.deleteWhatNeverWas(LiveKind.POD, Objects.pod("never", dice));
    }
  }

  private static void fault(FaultyServer server, SplittableRandom dice) throws Exception {
    switch (dice.nextInt(11)) {
      case 0 -> server.cut(true);
      case 1 -> server.cut(false);
      case 2 -> server.compact();
      case 3 -> server.expire();
      case 4 -> server.down(true);
      case 5 -> server.down(false);
      case 6 -> server.bookmark();
      case 7 -> server.answer(Instead.NOTHING);
      case 8 -> {
        server.answer(INSTEAD.get(dice.nextInt(INSTEAD.size())));
        server.cut(dice.nextBoolean());
      }
      default -> Thread.sleep(dice.nextInt(20));
    }
  }

  private static Map<Object, Object> fresh(FaultyServer server) throws Exception {
    Followed fresh = new Followed();
    for (LiveKind kind : LiveCluster.ENFORCED) {
      Listing.of(
          server, kind, object -> object.object().flatMap(ChangeOf::set).ifPresent(fresh::take));
    }
    return fresh.state;
  }

  /// What somebody knows who takes all changes in.
  private static final class Followed {
    private final Map<Object, Object> state = new HashMap<>();

    void take(Inbox inbox, Duration longest) throws InterruptedException {
      Optional<Batch> batch = inbox.take(longest);
      batch.ifPresent(some -> some.changes().all().forEach(this::take));
    }

    void take(Change change) {
      switch (change) {
        case Change.PodSet(var pod) -> state.put("pod " + pod.name(), pod);
        case Change.PodGone(var name) -> state.remove("pod " + name);
        case Change.NamespaceSet(var namespace) -> state.put("ns " + namespace.name(), namespace);
        case Change.NamespaceGone(var name) -> state.remove("ns " + name);
        case Change.NodeSet(var node) -> state.put("node " + node.name(), node);
        case Change.NodeGone(var name) -> state.remove("node " + name);
        case Change.PolicySet(var policy) -> state.put("policy " + policy.name(), policy);
        case Change.PolicyGone(var name) -> state.remove("policy " + name);
        case Change.ClusterPolicySet _, Change.ClusterPolicyGone _ ->
            throw new AssertionError("nobody lists these");
      }
    }
  }

  @Test
  void nothingComesOutBeforeEverythingWasListed() throws Exception {
    SplittableRandom dice = new SplittableRandom(1);
    FaultyServer server = new FaultyServer();
    server.set(LiveKind.POD, "a", Objects.pod("a", dice));
    Inbox inbox = new Inbox(LiveCluster.ENFORCED);
    Listing.of(
        server,
        LiveKind.POD,
        object -> {
          Optional<Change> change = object.object().flatMap(ChangeOf::set);
          Inbox.Item item = new Inbox.Item(LiveKind.POD, object.name(), change, Optional.empty());
          inbox.put(LiveKind.POD, List.of(item), object.resourceVersion());
        });
    for (LiveKind kind : LiveCluster.ENFORCED) {
      assertThat(inbox.take(Duration.ZERO)).isEmpty();
      assertThat(inbox.synced()).isFalse();
      inbox.listed(kind);
    }
    Batch batch = inbox.take(Duration.ZERO).orElseThrow();
    assertThat(batch.changes().all()).hasSize(1);
    assertThat(batch.reached()).containsEntry(LiveKind.POD, "2");
    assertTrue(inbox.synced());
  }

  /// Ten minutes in a tenth of a second: nothing that was known goes away.
  @Test
  void whileTheServerIsAwayEverythingStays() throws Exception {
    SplittableRandom dice = new SplittableRandom(2);
    FaultyServer server = new FaultyServer();
    server.set(LiveKind.POD, "a", Objects.pod("a", dice));
    Followed followed = new Followed();
    try (LiveCluster cluster = LiveCluster.follow(server, LiveCluster.ENFORCED)) {
      assertTrue(cluster.inbox().await(SOON));
      followed.take(cluster.inbox(), SOON);
      Map<Object, Object> before = Map.copyOf(followed.state);
      assertThat(before).hasSize(1);
      server.down(true);
      server.remove(LiveKind.POD, "a");
      server.set(LiveKind.POD, "b", Objects.pod("b", dice));
      Thread.sleep(500);
      followed.take(cluster.inbox(), Duration.ZERO);
      assertEquals(before, followed.state);
      assertThat(cluster.status()).allMatch(one -> one.trouble().isPresent() && one.listed());
      server.compact();
      server.down(false);
      followed.take(cluster.inbox(), SOON);
      assertEquals(fresh(server), followed.state);
    }
  }

  /// Whatever comes in place of an answer, at the first list or later: nothing of it is taken in.
  @ParameterizedTest
  @EnumSource(value = Instead.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void whatIsNoAnswerIsNoState(Instead instead) throws Exception {
    SplittableRandom dice = new SplittableRandom(5);
    FaultyServer server = new FaultyServer();
    for (int i = 0; i < 20; i++) {
      change(server, dice);
    }
    server.answer(instead);
    Followed followed = new Followed();
    try (LiveCluster cluster = LiveCluster.follow(server, LiveCluster.ENFORCED)) {
      Thread.sleep(300);
      assertThat(cluster.inbox().poll()).isEmpty();
      assertThat(cluster.status()).allMatch(one -> one.trouble().isPresent() && !one.listed());
      server.answer(Instead.NOTHING);
      followed.take(cluster.inbox(), SOON);
      assertEquals(fresh(server), followed.state);
      Map<Object, Object> before = Map.copyOf(followed.state);
      server.answer(instead);
      server.expire();
      Thread.sleep(300);
      assertThat(cluster.inbox().poll().orElseThrow().changes().all()).isEmpty();
      assertEquals(before, followed.state);
      change(server, dice);
      server.set(LiveKind.POD, "last", Objects.pod("last", dice));
      server.answer(Instead.NOTHING);
      Map<Object, Object> fresh = fresh(server);
      long end = System.nanoTime() + SOON.toNanos();
      while (!followed.state.equals(fresh) && System.nanoTime() < end) {
        followed.take(cluster.inbox(), Duration.ofMillis(100));
      }
      assertEquals(fresh, followed.state);
    }
  }

  @Test
  void aServerThatSaysWhenIsNotAskedBefore() throws Exception {
    FaultyServer server = new FaultyServer();
    server.answer(Instead.TOO_MANY);
    try (LiveCluster cluster = LiveCluster.follow(server, LiveCluster.ENFORCED)) {
      Thread.sleep(900);
      assertThat(server.asked()).isEqualTo(LiveCluster.ENFORCED.size());
      server.answer(Instead.NOTHING);
      assertThat(cluster.inbox().take(SOON)).isPresent();
    }
  }

  /// A server that ends each watch at once is asked again, more and more seldom.
  @Test
  void aServerThatEndsEveryWatchIsNotAskedWithoutPause() throws Exception {
    FaultyServer server = new FaultyServer();
    try (LiveCluster cluster = LiveCluster.follow(server, LiveCluster.ENFORCED)) {
      assertTrue(cluster.inbox().await(SOON));
      long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      int before = server.asked();
      while (System.nanoTime() < end) {
        server.cut(false);
        Thread.sleep(1);
      }
      assertThat(server.asked() - before).isLessThan(60);
    }
  }

  @Test
  void aPolicyThatCannotBeReadKeepsItsLastGoodVersion() throws Exception {
    SplittableRandom dice = new SplittableRandom(3);
    FaultyServer server = new FaultyServer();
    String good = Objects.policy("web", dice);
    server.set(LiveKind.NETWORK_POLICY, "web", good);
    Followed followed = new Followed();
    try (LiveCluster cluster = LiveCluster.follow(server, LiveCluster.ENFORCED)) {
      followed.take(cluster.inbox(), SOON);
      Map<Object, Object> before = Map.copyOf(followed.state);
      String odd = good.replace("\"podSelector\":{", "\"stance\":\"Deny\",\"podSelector\":{");
      assertThat(odd).isNotEqualTo(good);
      server.set(LiveKind.NETWORK_POLICY, "web", odd);
      Batch batch = cluster.inbox().take(SOON).orElseThrow();
      assertThat(batch.changes().all()).isEmpty();
      Notice notice = batch.notices().getFirst();
      assertThat(notice.inForce()).isFalse();
      assertThat(notice.problems().toString()).contains("unknown field \"spec.stance\"");
      server.set(LiveKind.NETWORK_POLICY, "web", good);
      Batch again = cluster.inbox().take(SOON).orElseThrow();
      assertThat(again.notices().getFirst().problems()).isEmpty();
      again.changes().all().forEach(followed::take);
      assertEquals(before, followed.state);
    }
  }

  @Test
  void onlyWhatPoliciesSeeIsKept() throws Exception {
    FaultyServer server = new FaultyServer();
    server.set(LiveKind.POD, "a", Objects.pod("a", new SplittableRandom(4)));
    LiveObject.Read[] read = new LiveObject.Read[1];
    Listing.of(server, LiveKind.POD, object -> read[0] = object);
    assertThat(read[0].problems()).isEmpty();
    assertThat(read[0].resourceVersion()).isEqualTo("2");
    assertThat(read[0].object().orElseThrow()).isInstanceOf(LiveObject.OfPod.class);
  }
}
