package dev.ringfence.cli;

import dev.ringfence.lab.control.LabClient.Outcome;
import dev.ringfence.report.Json;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.ProbeReport;

/// Shows a round of probes and says how the command ends.
record LabOutcome(Console console, Format format) {
  /// 0 if packets did what was answered, 1 if any did not.
  ///
  /// @throws Failure if the input was refused
  int show(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Probed(var report) -> show(report);
      case Outcome.Refused(var problems) -> {
        problems.forEach(console::note);
        throw new Failure("the input has errors, so nothing was started");
      }
    };
  }

  int show(LabReport report) {
    switch (format) {
      case TEXT -> new LabText(console, report).print(null);
      case JSON -> json(report.probes());
    }
    return exit(report.probes());
  }

  /// As [#show], without the matrix: for a few probes, one line each.
  int list(LabReport report) {
    switch (format) {
      case TEXT -> new LabText(console, report).list();
      case JSON -> json(report.probes());
    }
    return exit(report.probes());
  }

  private void json(ProbeReport report) {
    console.out().println(Json.line(report));
  }

  private static int exit(ProbeReport report) {
    return report.different() == 0 ? ExitCodes.YES : ExitCodes.NO;
  }
}
