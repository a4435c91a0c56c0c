package dev.ringfence.cli;

import dev.ringfence.lab.control.LabClient.Outcome;
import dev.ringfence.report.LabReport;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `ringfence lab watch`: the matrix again whenever a manifest changes.
@Command(
    name = "watch",
    header = "Probes again whenever a manifest changes.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Watches the manifests that the lab was started with. Whenever one changes, the change is"
          + " enforced, everything is probed again and the matrix redrawn; what looks different now"
          + " stands out. Input with errors changes nothing and is named. Ends with Ctrl-C; the lab"
          + " stays.",
      ""
    },
    footer = {"%nExit codes: 2 the lab has ended, or there is none."})
final class LabWatchCommand implements Callable<Integer> {
  private final Console console;
  private LabText.@Nullable Shown before;

  @Mixin LabInstance lab = new LabInstance();

  LabWatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    lab.client().watch(this::show, step -> {});
    return ExitCodes.FAILED;
  }

  private void show(Outcome outcome) {
    if (console.terminal()) {
      console.out().print("\u001b[H\u001b[2J\u001b[3J");
    }
    String time = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString();
    switch (outcome) {
      case Outcome.Probed(var report) -> show(report, time);
      case Outcome.Refused(var problems) -> refuse(problems, time);
    }
    console.out().flush();
  }

  private void show(LabReport report, String time) {
    var text = new LabText(console, report);
    LabText.Shown now = text.shown();
    console.out().println(time + "  " + changes(now));
    text.print(before);
    before = now;
  }

  private String changes(LabText.Shown now) {
    if (before == null) {
      return "waiting for a manifest to change";
    }
    List<String> changes = now.changesSince(before);
    return changes.isEmpty()
        ? "a manifest changed; nothing that is probed did"
        : "changed: " + String.join("; ", changes);
  }

  private void refuse(List<String> problems, String time) {
    problems.forEach(problem -> console.out().println(problem));
    console
        .out()
        .println(time + "  " + console.paint().red("the input has errors") + ": nothing changed");
  }
}
