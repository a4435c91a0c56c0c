package dev.ringfence.cli;

import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.chaos.Chaos;
import dev.ringfence.lab.chaos.ChaosOptions;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.ChaosReport;
import dev.ringfence.report.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence lab chaos`: changes without a break under traffic, and no packet may be wrong.
@Command(
    name = "chaos",
    header = "Changes policies and pods under traffic; no packet may be wrong.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Makes a lab of its own, sends without a break between its pods (TCP and UDP, both families,"
          + " new connections and old ones), and meanwhile adds, edits and removes policies,"
          + " relabels pods and namespaces, and gives pods' addresses to other pods. Every packet"
          + " is held against what the evaluator says: one that arrives though denied before and"
          + " after its change, or is lost though allowed before and after, is named. The lab is"
          + " gone at the end, also after Ctrl-C.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence lab chaos examples/shop",
      "  ringfence lab chaos examples/shop --changes 1000",
      "  ringfence lab chaos examples/shop --seconds 600 --network=bridge",
      "  ringfence lab chaos examples/shop --table-owner=off   tamper with the tables meanwhile",
      "",
      "Exit codes: 0 no packet was wrong; 1 at least one was; 2 it could not be done."
    })
final class LabChaosCommand implements Callable<Integer> {
  private static final int USUAL_SECONDS = 30;

  private final Console console;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, folders (every manifest below), or - for standard input.")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long (default: 30, or until all of --changes are made).")
  @Nullable Integer seconds;

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "How many changes (default: as many as there is time for).")
  @Nullable Integer changes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Makes the changes of an earlier run again (default: others each time).")
  long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json (a ChaosReport).")
  @Nullable String output;

  @Mixin PodNetworkOption network = new PodNetworkOption();

  @Option(
      names = "--table-owner",
      paramLabel = "on|off",
      description =
          "on (the default): where the kernel can, nobody else may edit the table. off: you may,"
              + " and see it found out.")
  String owner = "on";

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description =
          "What the lab is called, if there are several on this machine: lower-case letters and"
              + " digits (default: ${DEFAULT-VALUE}).",
      defaultValue = "chaos")
  String instance = "chaos";

  LabChaosCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Format format = Format.of(output, false);
    ChaosOptions options = options();
    TableOptions table = new TableOptions();
    table.owner = owner;
    LabOptions labOptions = new LabOptions(table.owned(), 0, network.chosen());
    LabInstance lab = new LabInstance();
    lab.name = instance;
    LabClient client = lab.client();
    Scenario scenario = LabScenario.of(new InputOptions().load(console, paths));
    AtomicBoolean stop = new AtomicBoolean();
    return new UntilSignal(() -> stop.set(true), console)
        .run(() -> {
          try (LabClient.Reserved _ = client.reserve()) {
            ChaosReport report =
                Steps.during(
                    console,
                    "starting the lab",
                    progress ->
                        Chaos.run(
                            lab.instance(), scenario, labOptions, options, progress, stop::get));
            switch (format) {
              case TEXT -> new ChaosText(console, report).print();
              case JSON -> console.out().println(Json.line(report));
            }
            return report.wrong().isEmpty() ? ExitCodes.YES : ExitCodes.NO;
          }
        });
  }

  private ChaosOptions options() {
    int most = changes == null ? Integer.MAX_VALUE : changes;
    int time = seconds == null ? (changes == null ? USUAL_SECONDS : Integer.MAX_VALUE) : seconds;
    if (most < 1 || time < 1) {
      throw new Failure("--changes and --seconds: at least 1");
    }
    return new ChaosOptions(most, Duration.ofSeconds(time), seed);
  }
}
