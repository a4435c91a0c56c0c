package dev.ringfence.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.store.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class InForceTest {
  private static final Key ONE = new Key("pods", "shop", "one");
  private static final Key OTHER = new Key("pods", "shop", "other");

  @Test
  void whoWaitsGoesOnWhenItIs() throws Exception {
    InForce inForce = new InForce(Duration.ofSeconds(30));
    CompletableFuture<List<String>> waiting = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            waiting.complete(inForce.await(List.of(ONE, OTHER), 7));
          } catch (InterruptedException impossible) {
            waiting.completeExceptionally(impossible);
          }
        });
    inForce.reached(6, Map.of());
    assertThat(waiting).isNotDone();
    inForce.reached(8, Map.of(OTHER, "it is too big"));
    assertThat(waiting.get(5, TimeUnit.SECONDS)).containsExactly("not in force: it is too big");
    assertThat(inForce.await(List.of(ONE), 8)).isEmpty();
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    InForce inForce = new InForce(Duration.ofMillis(50));
    assertThat(inForce.await(List.of(ONE), 1)).containsExactly("not yet in force: the lab is busy");
    inForce.failed(1, "the kernel is gone");
    assertThat(inForce.await(List.of(ONE), 1)).containsExactly("not in force: the kernel is gone");
  }
}
