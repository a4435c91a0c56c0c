package dev.ringfence.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.kubernetes.ClusterEvents.About;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// How often an Event is written, and what is in it.
final class ClusterEventsTest {
  private static final About POLICY =
      new About("networking.k8s.io/v1", "NetworkPolicy", "shop", "db", "u1");

  private final FaultyServer server = new FaultyServer();
  private final List<String> trouble = new CopyOnWriteArrayList<>();

  private static void until(BooleanSupplier wanted) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!wanted.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  private String only() {
    assertThat(server.applied()).hasSize(1);
    return server.applied().values().iterator().next();
  }

  @Test
  void theSameIsSaidOnceUntilItIsOver() throws Exception {
    try (ClusterEvents events = new ClusterEvents(server, trouble::add, Duration.ZERO)) {
      for (int i = 0; i < 50; i++) {
        events.warn(POLICY, "CannotBeEnforced", "a");
      }
      until(() -> server.writes() == 1);
      assertThat(only()).contains("\"count\":1", "\"uid\":\"u1\"", "\"type\":\"Warning\"");
      events.over(POLICY, "OverMemberBudget");
      events.warn(POLICY, "CannotBeEnforced", "a");
      events.over(POLICY, "CannotBeEnforced");
      events.warn(POLICY, "CannotBeEnforced", "a");
      until(() -> server.writes() == 2);
      assertThat(only()).contains("\"count\":2");
      events.warn(POLICY, "CannotBeEnforced", "b");
      until(() -> server.writes() == 3);
      assertThat(server.applied()).hasSize(2);
      assertThat(trouble).isEmpty();
    }
  }

  @Test
  void whatCannotReachTheServerWaits() throws Exception {
    server.down(true);
    try (ClusterEvents events = new ClusterEvents(server, trouble::add, Duration.ZERO)) {
      events.warn(POLICY, "CannotBeEnforced", "a");
      until(() -> trouble.size() == 1);
      server.down(false);
      until(() -> server.writes() == 1);
      assertThat(only()).contains("\"count\":1");
    }
  }

  @Test
  void whatTheServerRefusesIsLeftOut() throws Exception {
    server.refuseWrites(403);
    try (ClusterEvents events = new ClusterEvents(server, trouble::add, Duration.ZERO)) {
      events.warn(POLICY, "CannotBeEnforced", "a");
      until(() -> trouble.size() == 1);
      server.refuseWrites(0);
      events.warn(POLICY, "CannotBeEnforced", "b");
      until(() -> server.writes() == 1);
      assertThat(only()).contains("\"message\":\"b\"");
      assertThat(trouble.getFirst()).contains("403");
    }
  }
}
