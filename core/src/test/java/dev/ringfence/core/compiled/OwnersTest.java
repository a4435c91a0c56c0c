package dev.ringfence.core.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever asks who has which address hears of every address that changes hands, and of no other.
class OwnersTest {
  private static final Address ONE = Address.of("10.0.0.1");
  private static final Address TWO = Address.of("10.0.0.2");

  private final PolicyEngine engine = new PolicyEngine().watchingOwners();

  private Owners after(Change... changes) {
    return engine.apply(Changes.of(changes)).owners();
  }

  private static Change.PodSet pod(String name, String uid, Phase phase, Address... addresses) {
    return new Change.PodSet(
        new Pod(
            new ObjectName("shop", name),
            uid,
            Map.of("app", name),
            Optional.of("node-1"),
            false,
            PodAddresses.of(addresses),
            phase,
            Optional.empty(),
            List.of(),
            new Workload("shop", "Pod", name)));
  }

  private static Change.PodGone gone(String name) {
    return new Change.PodGone(new ObjectName("shop", name));
  }

  @Test
  void comingAndGoingIsTold() {
    Owners first = after(pod("a", "1", Phase.RUNNING, ONE));
    assertThat(first.moved()).containsOnlyKeys(ONE);
    assertEquals(Map.of(ONE, Optional.of(first.all().iterator().next())), first.moved());
    assertThat(first.all()).hasSize(1);
    Owners none = after(gone("a"));
    assertEquals(Map.of(ONE, Optional.empty()), none.moved());
    assertThat(none.all()).isEmpty();
  }

  @Test
  void theSamePodMadeAnewIsAnother() {
    Owners first = after(pod("a", "1", Phase.RUNNING, ONE));
    Owners second = after(pod("a", "2", Phase.RUNNING, ONE));
    assertThat(second.moved()).containsOnlyKeys(ONE);
    assertThat(second.all()).hasSize(1).doesNotContainAnyElementsOf(first.all());
  }

  @Test
  void whatIsNoChangeOfHandsIsNotTold() {
    Owners first = after(pod("a", "1", Phase.PENDING, ONE));
    Owners running = after(pod("a", "1", Phase.RUNNING, ONE));
    assertThat(running.moved()).isEmpty();
    assertEquals(first.all(), running.all());
    assertThat(after(pod("b", "2", Phase.RUNNING, TWO)).moved()).containsOnlyKeys(TWO);
  }

  @Test
  void aFinishedPodHasNoAddress() {
    Owners first = after(pod("a", "1", Phase.RUNNING, ONE));
    assertThat(after(pod("a", "1", Phase.SUCCEEDED, ONE)).moved()).containsOnlyKeys(ONE);
    Owners next = after(pod("b", "2", Phase.RUNNING, ONE));
    assertThat(next.moved()).containsOnlyKeys(ONE);
    assertThat(next.all()).doesNotContainAnyElementsOf(first.all());
  }

  @Test
  void whatNobodyNoticedYetIsToldAgain() {
    Owners first = after(pod("a", "1", Phase.RUNNING, ONE));
    Owners both = after(pod("b", "2", Phase.RUNNING, TWO)).since(first);
    assertThat(both.moved()).containsOnlyKeys(ONE, TWO);
    assertThat(both.settled().moved()).isEmpty();
    assertEquals(both.all(), both.settled().all());
  }

  static LongStream seeds() {
    return Seeds.some(20);
  }

  /// As from scratch, so that a restart knows the same.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void aRestartNumbersAlike(long seed) {
    World world = World.random(seed);
    World next = World.random(seed + 1);
    PolicyEngine one = new PolicyEngine().watchingOwners();
    one.apply(Changes.from(world.policies(), world.snapshot()));
    Owners moved =
        one.apply(
                Changes.between(
                    world.policies(), world.snapshot(), next.policies(), next.snapshot()))
            .owners();
    Owners scratch =
        new PolicyEngine()
            .watchingOwners()
            .apply(Changes.from(next.policies(), next.snapshot()))
            .owners();
    assertEquals(scratch.all(), moved.all());
    scratch
        .moved()
        .forEach((address, number) -> {
          if (moved.moved().containsKey(address)) {
            assertEquals(number, moved.moved().get(address));
          }
        });
  }
}
