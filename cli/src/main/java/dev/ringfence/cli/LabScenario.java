package dev.ringfence.cli;

import dev.ringfence.core.manifest.LabSettings;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;

/// The small cluster that manifests describe, made in this process.
final class LabScenario {
  private LabScenario() {}

  static Scenario of(Loaded loaded) {
    return Scenario.of(
        loaded.snapshot(),
        loaded.policies(),
        loaded.outside(),
        loaded.lab().map(LabSettings::nodes).orElse(LabSettings.DEFAULT_NODES),
        Assigned.NOTHING);
  }
}
