package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `lab chaos` as a person runs it: no packet is wrong, what somebody does to the tables is found
/// out, and nothing stays behind.
@Tag("soak")
@ExtendWith(NeedsKernel.class)
final class ChaosTest {
  /// 1,000 in all, half of them on each kind of network.
  private static final int CHANGES = Boolean.getBoolean("ringfence.soak") ? 500 : 20;

  private static final Pattern SUM =
      Pattern.compile(
          "(?m)^([0-9]+) changes? \\(--seed=[0-9]+\\), ([0-9]+) packets between [0-9]+ pairs:"
              + " ([0-9]+) passed wrongly, ([0-9]+) lost wrongly$");

  private Instance instance = Instance.DEFAULT;
  private Map<String, String> before = Map.of();

  @BeforeEach
  void look() throws IOException {
    instance = Spaces.fresh();
    before = MainNamespace.look();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    boolean left = Leftovers.any(instance);
    Leftovers.clear(instance);
    assertThat(left).isFalse();
    assertThat(instance.state()).doesNotExist();
    assertThat(MainNamespace.look()).isEqualTo(before);
  }

  private List<String> chaos(String... options) {
    List<String> all =
        new ArrayList<>(Ringfence.command("lab", "chaos", shop(), "--instance=" + instance.name()));
    all.addAll(List.of(options));
    return all;
  }

  private static String shop() {
    return Path.of("..", "examples", "shop").toString();
  }

  private static Matcher sum(Result result) {
    Matcher sum = SUM.matcher(result.out());
    assertThat(sum.find()).as(result.out() + result.err()).isTrue();
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"routed, 5", "bridge, 6"})
  void noPacketIsWrong(String network, int seed) throws Exception {
    try (Running chaos =
        Ringfence.start(chaos("--network=" + network, "--seed=" + seed, "--changes=" + CHANGES))) {
      assertThat(chaos.process().waitFor(20, TimeUnit.MINUTES)).isTrue();
      Result result = chaos.end();
      Matcher sum = sum(result);
      assertThat(result.exit()).as(result.out()).isZero();
      assertThat(sum.group(1)).isEqualTo(String.valueOf(CHANGES));
      assertThat(Integer.parseInt(sum.group(2))).isGreaterThan(CHANGES * 20);
      System.out.println("lab chaos, " + network + ": " + result.out().strip());
    }
  }

  /// The rule goes before all others, so whoever sends through this node is wrong from then on.
  @ParameterizedTest
  @CsvSource({"accept, PASSED, 3, 4", "drop, LOST, 4, 3"})
  void whatSomebodyPutsIntoATableIsFound(String verdict, String word, int wrong, int none)
      throws Exception {
    try (Running chaos = Ringfence.start(chaos("--seconds=6", "--table-owner=off", "--seed=3"))) {
      awaitChange(chaos);
      new Space(instance.node("node-1"))
          .run("nft", "insert", "rule", "inet", "ringfence", "forward", verdict);
      Result result = chaos.end();
      Matcher sum = sum(result);
      assertThat(result.exit()).as(result.out()).isEqualTo(1);
      assertThat(Integer.parseInt(sum.group(wrong))).isPositive();
      assertThat(sum.group(none)).isEqualTo("0");
      assertThat(result.out())
          .containsPattern(
              "(?m)^"
                  + word
                  + " [a-z./0-9-]+ -> [a-z./0-9-]+ (TCP|UDP)/[0-9]+, IPv[46] at [0-9.]+ s")
          .containsPattern("(?m)^  after [0-9]+ changes?: (allowed|denied), ")
          .containsPattern("(?m)^  last change: ");
    }
  }

  /// Told to end in the middle, it tells what it saw and takes its lab away.
  @Test
  void aSignalEndsItInGoodOrder() throws Exception {
    try (Running chaos = Ringfence.start(chaos("--seconds=600"))) {
      awaitChange(chaos);
      chaos.process().destroy();
      assertThat(chaos.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(chaos.end().exit()).as(chaos.err()).isZero();
      assertThat(SUM.matcher(chaos.out()).find()).as(chaos.out()).isTrue();
    }
  }

  /// The first change is told on standard error, where nobody watches as a line of its own.
  private void awaitChange(Running chaos) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(Path.of("/run/netns", instance.node("node-1"))) || !programmed()) {
      assertThat(System.nanoTime()).as(chaos.err()).isLessThan(end);
      Thread.sleep(50);
    }
    Thread.sleep(1500);
  }

  private boolean programmed() {
    return new Space(instance.node("node-1"))
        .run("nft", "list", "ruleset")
        .contains("table inet ringfence");
  }
}
