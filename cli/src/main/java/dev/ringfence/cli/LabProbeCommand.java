package dev.ringfence.cli;

import dev.ringfence.report.LabReport;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence lab probe`: packets again, all or some.
@Command(
    name = "probe",
    header = "Sends probes again: all of them, or some.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Sends the lab's probes again: all of them, those between two ends, or those to one port."
          + " An end is a pod, a workload, or a host outside by name or address.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence lab probe",
      "  ringfence lab probe shop/web shop/db",
      "  ringfence lab probe customer.example shop/web 8080",
      "  ringfence lab probe -o json | jq .different",
      "",
      "Exit codes: 0 packets do what we answer; 1 something differs; 2 it could not be done."
    })
final class LabProbeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "Who opens.")
  @Nullable String from;

  @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "Who accepts.")
  @Nullable String to;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PORT[/PROTOCOL]",
      description = "8080, 53/UDP; all that TO listens on if left out.")
  @Nullable String port;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json (a ProbeReport).")
  @Nullable String output;

  @Mixin LabInstance lab = new LabInstance();

  LabProbeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    var show = new LabOutcome(console, Format.of(output, false));
    if (from != null && to == null) {
      throw new Failure("from " + from + " to whom?");
    }
    List<String> selection = Stream.of(from, to, port).filter(Objects::nonNull).toList();
    LabReport report =
        Steps.during(console, "probing", progress -> lab.client().probe(selection, progress));
    return selection.isEmpty() ? show.show(report) : show.list(report);
  }
}
