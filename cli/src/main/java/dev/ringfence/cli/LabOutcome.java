package dev.ringfence.cli;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabReport;

/// Shows a round of probes and says how the command ends.
record LabOutcome(Console console, Format format) {
  /// 0 if packets did what was answered, 1 if any did not.
  int show(LabReport report) {
    switch (format) {
      case TEXT -> new LabText(console, report).print(null);
      case JSON -> console.out().println(Json.line(report.probes()));
    }
    return report.probes().different() == 0 ? ExitCodes.YES : ExitCodes.NO;
  }
}
