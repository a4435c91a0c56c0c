package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A policy that is written out is the same when it is read again.
final class PolicyYamlTest {
  static LongStream seeds() {
    return Seeds.some(50);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whatIsWrittenIsReadAgain(long seed) {
    for (NetworkPolicy policy : World.random(seed).policies().network()) {
      if (policy.toString().contains("Unreadable")) {
        continue;
      }
      String text = PolicyYaml.of(policy);
      Loaded loaded =
          Manifests.read(
              List.of(
                  new SourceText(
                      "p.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))),
              Admission.STORED);
      assertThat(loaded.policies().network()).as(text).hasSize(1);
      assertThat(loaded.policies().network().getFirst()).as(text).isEqualTo(policy);
    }
  }
}
