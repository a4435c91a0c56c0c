package dev.ringfence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.Worlds;
import dev.ringfence.lab.chaos.Streams.Verdicts;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.util.BitSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// While a change is under way either state is right; before and after it only one.
final class TimelineTest {
  private final Scenario scenario = Worlds.scenario(DisorderTest.MANIFESTS, Assigned.NOTHING);
  private final Streams streams = Streams.of(scenario, 1);
  private final Timeline timeline = new Timeline(streams, scenario);
  private final Verdicts all = both(true);
  private final Verdicts none = both(false);

  private Verdicts both(boolean allowed) {
    BitSet bits = new BitSet();
    bits.set(0, streams.size(), allowed);
    return new Verdicts(bits, bits);
  }

  private void change(Verdicts to, Set<Address> rewired) {
    timeline.begin(new Change("change", scenario, rewired), to);
  }

  private boolean mayPass(int stream, long from, long to) {
    return timeline.mayPass(stream, timeline.during(from, to));
  }

  private boolean mayBeLost(int stream, long from, long to) {
    return timeline.mayBeLost(stream, timeline.during(from, to), from, to);
  }

  @Test
  void eitherIsRightDuringAChangeOnly() {
    change(all, Set.of());
    timeline.settle();
    long before = System.nanoTime();
    assertThat(mayPass(0, before, before)).isTrue();
    assertThat(mayBeLost(0, before, before)).isFalse();

    change(none, Set.of());
    long during = System.nanoTime();
    assertThat(mayPass(0, during, during)).isTrue();
    assertThat(mayBeLost(0, during, during)).isTrue();
    timeline.settle();

    long after = System.nanoTime();
    assertThat(mayPass(0, after, after)).isFalse();
    assertThat(mayBeLost(0, after, after)).isTrue();
    assertThat(mayPass(0, before, after)).as("it may have passed before").isTrue();
    assertThat(mayBeLost(0, before, before)).as("looking back").isFalse();
  }

  /// One node may let out by its new state what the other lets in by its old one.
  @Test
  void twoNodesMayBeOfDifferentStates() {
    int near = stream(true);
    int far = stream(false);
    BitSet yes = all.out();
    BitSet no = none.out();
    change(new Verdicts(yes, no), Set.of());
    timeline.settle();
    change(new Verdicts(no, yes), Set.of());
    long during = System.nanoTime();
    assertThat(mayPass(near, during, during)).isFalse();
    assertThat(mayPass(far, during, during)).isTrue();
  }

  private int stream(boolean onOneNode) {
    for (int i = 0; i < streams.size(); i++) {
      if (streams.onOneNode(i) == onOneNode) {
        return i;
      }
    }
    throw new IllegalStateException("no such stream");
  }

  @Test
  void whoeverIsMadeAnewMayMissWhatIsSentMeanwhile() {
    change(all, Set.of());
    timeline.settle();
    change(all, Set.of(streams.get(0).toAddress()));
    long during = System.nanoTime();
    timeline.settle();
    assertThat(mayBeLost(0, during, during)).isTrue();
    assertThat(mayPass(0, during, during)).isTrue();
    long after = System.nanoTime();
    assertThat(mayBeLost(0, after, after)).isFalse();
  }
}
