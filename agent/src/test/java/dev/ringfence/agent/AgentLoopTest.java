package dev.ringfence.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One thread, everything in turn.
final class AgentLoopTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private final AgentLoop loop = new AgentLoop();
  private final Thread thread = new Thread(this::run);

  private void run() {
    try {
      loop.run();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    thread.join();
  }

  @Test
  void whatIsPostedIsDoneInOrderOnItsThread() throws Exception {
    List<Integer> done = new ArrayList<>();
    loop.post(() -> done.add(1));
    loop.post(() -> done.add(2));
    thread.start();
    assertThat(loop.ask(() -> List.copyOf(done), LONG)).containsExactly(1, 2);
    assertThat(loop.ask(Thread::currentThread, LONG)).isSameAs(thread);
  }

  @Test
  void aQuestionThatFailsHarmsNothing() throws Exception {
    thread.start();
    assertThatThrownBy(() ->
            loop.ask(
                () -> {
                  throw new IllegalStateException("no");
                },
                LONG))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no");
    assertThat(loop.ask(() -> 7, LONG)).isEqualTo(7);
  }

  @Test
  void whoWaitsTooLongIsNotAnsweredLater() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    loop.post(() -> await(busy));
    thread.start();
    assertThatThrownBy(() -> loop.ask(answered::incrementAndGet, Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    busy.countDown();
    assertThat(loop.ask(answered::get, LONG)).isZero();
  }

  private static void await(CountDownLatch what) {
    try {
      assertThat(what.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void timersGoOnWhileMuchIsAsked() throws Exception {
    AtomicInteger ticks = new AtomicInteger();
    AtomicInteger never = new AtomicInteger();
    loop.every(Duration.ofMillis(5), ticks::incrementAndGet);
    loop.every(Duration.ZERO, never::incrementAndGet);
    thread.start();
    long end = System.nanoTime() + LONG.toNanos();
    while (ticks.get() < 3 && System.nanoTime() < end) {
      assertThat(loop.ask(() -> 1, LONG)).isEqualTo(1);
    }
    assertThat(ticks.get()).isGreaterThanOrEqualTo(3);
    assertThat(never.get()).isZero();
  }
}
