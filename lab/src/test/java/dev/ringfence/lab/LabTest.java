package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Policies;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.LabReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Privileged.class)
final class LabTest {
  private static final Instance INSTANCE = new Instance("labtest");

  static Scenario shop() {
    return Scenario.of(
        Worlds.snapshot(
            Worlds.pod("shop", "web", 1, 8080),
            Worlds.pod("shop", "web", 2, 8080),
            Worlds.pod("shop", "api", 1, 8080, 9090),
            Worlds.pod("ops", "monitor", 1, 3000)),
        Policies.NONE,
        List.of(),
        2,
        Assigned.NOTHING);
  }

  @Test
  void withoutPoliciesEveryProbeArrives() throws Exception {
    try (Lab lab = Lab.up(INSTANCE, shop(), LabOptions.STANDARD, step -> {})) {
      LabReport report = lab.probe(Probe.all(lab.scenario()));
      assertThat(report.probes().different()).isZero();
      assertThat(report.probes().probes())
          .hasSize(160)
          .allMatch(one -> "allowed".equals(one.packet()));
    }
    assertThat(Leftovers.any(INSTANCE)).isFalse();
  }
}
