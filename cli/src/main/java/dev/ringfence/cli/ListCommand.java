package dev.ringfence.cli;

import dev.ringfence.core.answer.Connectivity;
import dev.ringfence.core.answer.ConnectivityOptions;
import dev.ringfence.core.answer.Party;
import dev.ringfence.core.answer.Wanted;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.report.ConnectivityWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence list`: everything that may talk to everything.
@Command(
    name = "list",
    addMethodSubcommands = false,
    sortOptions = false,
    abbreviateSynopsis = false,
    customSynopsis = {"ringfence list -f PATH... [-o table|json] [FILTER...]"},
    description = {
      "",
      "Lists who may open connections to whom, by workload, with the ports, and which addresses"
          + " outside the cluster may come in or be reached.",
      "",
      "What is not listed is not allowed. The order never depends on the input, so a list can be"
          + " kept under version control and compared.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence list -f examples/shop",
      "  ringfence list --focus shop/db -f examples/shop",
      "  ringfence list --to shop/api --port 8080 -f examples/shop",
      "  ringfence list --from outside -f examples/shop -o json",
      "  kubectl get ns,pods,netpol -A -o yaml | ringfence list -f -",
      "",
      "Exit codes: 0 listed; 2 wrong usage or unreadable input."
    })
final class ListCommand implements Callable<Integer> {
  private static final int MOST_NAMED = 3;

  private final Console console;

  @Parameters(index = "0..*", hidden = true, description = "Further paths after -f.")
  List<String> morePaths = new ArrayList<>();

  @Mixin InputOptions input = new InputOptions();

  @Mixin ListFilter filter = new ListFilter();

  @Option(names = "--self", description = "Also pods of one workload among themselves.")
  boolean self;

  @Option(names = "--nodes", description = "Also nodes and hostNetwork pods.")
  boolean nodes;

  @Mixin HostNetworkOption hostNetwork = new HostNetworkOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (the default) or json.")
  @Nullable String output;

  ListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    boolean json = isJson();
    boolean asPods = hostNetwork.asPods();
    Loaded loaded =
        Progress.during(console, "reading manifests", () -> input.load(console, morePaths));
    Connectivity connectivity =
        Progress.during(
            console,
            "working out who may talk to whom",
            () ->
                Connectivity.of(
                    loaded.policies(), loaded.snapshot(), new ConnectivityOptions(nodes, asPods)));
    Wanted wanted = filter.wanted(connectivity.parties(), loaded.snapshot(), self);
    warn(connectivity.doubtful());
    if (json) {
      List<Party> parties =
          filter.isNothing()
              ? connectivity.parties()
              : connectivity.parties(wanted, filter::isMeant);
      ConnectivityWriter.write(
          console.out(), parties, each -> connectivity.connections(wanted, each));
      console.out().println();
    } else {
      new ListText(console).print(connectivity, wanted);
    }
    return ExitCodes.YES;
  }

  private void warn(List<Party> doubtful) {
    if (doubtful.isEmpty()) {
      return;
    }
    int more = doubtful.size() - MOST_NAMED;
    String some =
        doubtful.stream().limit(MOST_NAMED).map(Party::id).collect(Collectors.joining(", "));
    console.note(
        console.paint().yellow("warning: ")
            + some
            + (more > 0 ? " and " + more + " more" : "")
            + (doubtful.size() == 1
                ? " has no known address, and an ipBlock might match the one it gets"
                : " have no known addresses, and an ipBlock might match the ones they get"));
  }

  private boolean isJson() {
    return switch (output == null ? "table" : output) {
      case "table" -> false;
      case "json" -> true;
      default -> throw new Failure("-o " + output + ": say table or json");
    };
  }
}
