package dev.ringfence.cli;

import dev.ringfence.agent.AgentRun;
import dev.ringfence.agent.AgentRun.Mode;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.DataplaneOptions.Denial;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence agent`: one node's table, from files.
@Command(
    name = "agent",
    header = "Keeps the policies of one node in force, from files.",
    addMethodSubcommands = false,
    sortOptions = false,
    customSynopsis = {
      "ringfence agent --node NAME -f PATH... [--once|--watch] [OPTIONS]",
      "ringfence agent --remove"
    },
    description = {
      "",
      "Programs the network namespace it is started in as one node of the cluster that the manifests"
          + " show: Pods with spec.nodeName and status.podIPs, Nodes with their addresses. Prints"
          + " one JSON line for each generation that is in force. Without --once or --watch it stays"
          + " and keeps the table right. Ending it leaves the rules.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence agent --node node-1 -f cluster/ --once",
      "  ringfence agent --node node-1 -f cluster/ --watch",
      "  ringfence agent --remove",
      "",
      "Exit codes: 0 in force, or removed; 2 the input had errors or the kernel said no, and the",
      "table is as it was."
    })
final class AgentCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--node", paramLabel = "NAME", description = "The node to be.")
  @Nullable String node;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "PATH",
      description =
          "A file, a folder (every *.yaml, *.yml and *.json below it) or - for standard input."
              + " May be given several times.")
  List<String> paths = new ArrayList<>();

  @Parameters(arity = "0..*", hidden = true, description = "Further paths after -f.")
  List<String> morePaths = new ArrayList<>();

  @ArgGroup Ending ending = new Ending();

  @Option(
      names = "--deny-by",
      paramLabel = "drop|reject",
      description = "What becomes of a denied packet (default: ${DEFAULT-VALUE}).",
      defaultValue = "drop")
  String denyBy = "drop";

  @Option(
      names = "--allow-egress-to-own-node",
      description = "Pods may always reach their own node, whatever isolates them.")
  boolean ownNodeEgress;

  @Option(
      names = "--log-group",
      paramLabel = "N",
      description = "Netlink log group that hears of denied packets (default: ${DEFAULT-VALUE}).",
      defaultValue = "5242")
  int logGroup = DataplaneOptions.STANDARD.logGroup();

  @Mixin TableOptions table = new TableOptions();

  /// When to end; without any of these, never.
  static final class Ending {
    @Option(names = "--once", description = "End after the first generation.")
    boolean once;

    @Option(names = "--watch", description = "Apply every change of the files at once.")
    boolean watch;

    @Option(names = "--remove", description = "Remove everything that was programmed, and end.")
    boolean remove;
  }

  AgentCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!LabInstance.possible()) {
      throw new Failure("the agent needs root on Linux");
    }
    if (ending.remove) {
      return AgentRun.remove(console::note);
    }
    List<String> all = new ArrayList<>(paths);
    all.addAll(morePaths);
    if (node == null || all.isEmpty()) {
      throw new Failure("which node, and from which files? ringfence agent --node NAME -f PATH");
    }
    byte[] input = all.contains("-") ? console.in().readAllBytes() : new byte[0];
    return new AgentRun(
            node,
            all,
            mode(),
            options(),
            Duration.ofSeconds(table.resyncSeconds()),
            this::print,
            console::note)
        .run(input);
  }

  private Mode mode() {
    return ending.once ? Mode.ONCE : ending.watch ? Mode.WATCH : Mode.STAY;
  }

  private DataplaneOptions options() {
    Denial denial =
        switch (denyBy) {
          case "drop" -> Denial.DROP;
          case "reject" -> Denial.REJECT;
          default -> throw new Failure("--deny-by=" + denyBy + ": say drop or reject");
        };
    return new DataplaneOptions(table.owned(), denial, ownNodeEgress, logGroup);
  }

  private void print(AgentLine line) {
    console.out().println(Json.line(line));
    console.out().flush();
  }
}
