package dev.ringfence.cli;

import dev.ringfence.agent.AgentInput;
import dev.ringfence.agent.AgentLog;
import dev.ringfence.agent.AgentOptions;
import dev.ringfence.agent.AgentRun;
import dev.ringfence.agent.AgentRun.Mode;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.DataplaneOptions.Denial;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.Json;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence agent`: one node's table, from files or a running cluster.
@Command(
    name = "agent",
    header = "Keeps the policies of one node in force, from files or a running cluster.",
    addMethodSubcommands = false,
    sortOptions = false,
    customSynopsis = {
      "ringfence agent --node NAME -f PATH... [--once|--watch] [OPTIONS]",
      "ringfence agent --node NAME --live [--kubeconfig FILE] [--context NAME] [--once] [OPTIONS]",
      "ringfence agent --remove"
    },
    description = {
      "",
      "Programs the network namespace it is started in as one node of the cluster that the manifests"
          + " show: Pods with spec.nodeName and status.podIPs, Nodes with their addresses. Prints"
          + " one JSON line for each generation that is in force. Without --once or --watch it stays"
          + " and keeps the table right; `ringfence status` says how it stands. Ending it leaves the"
          + " rules.",
      "",
      "With --live it follows a running cluster instead: nothing is programmed before everything has"
          + " been listed once, and while the API server is away what was last known stays in force."
          + " Inside a pod that is the cluster around it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence agent --node node-1 -f cluster/ --once",
      "  ringfence agent --node node-1 -f cluster/ --watch",
      "  ringfence agent --node node-1 -f cluster/ --watch --metrics=127.0.0.1:9464 --log=json",
      "  ringfence agent --node node-1 --live",
      "  ringfence agent --remove",
      "",
      "Exit codes: 0 in force, removed, or ended by SIGTERM or SIGINT; 1 in force with --once, but",
      "the proof found a difference; 2 the input had errors or needs more members than the budget, the",
      "kernel said no or another agent is here, and the table is as it was."
    })
final class AgentCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The node to be; unless given, what NODE_NAME in the environment says.",
      defaultValue = "${env:NODE_NAME}")
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

  @Mixin LiveOptions live = new LiveOptions();

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAME",
      description =
          "Say in a Lease of this namespace how the node stands, for `ringfence rollout status`;"
              + " unless given, what POD_NAMESPACE in the environment says, else in none.",
      defaultValue = "${env:POD_NAMESPACE}")
  @Nullable String leaseNamespace;

  @ArgGroup Ending ending = new Ending();

  @Option(
      names = "--deny-by",
      paramLabel = "drop|reject",
      description = "What becomes of a denied packet (default: ${DEFAULT-VALUE}).",
      defaultValue = "drop")
  String denyBy = "drop";

  @Mixin EstablishedOptions established = new EstablishedOptions();

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

  @Mixin BudgetOption members = new BudgetOption();

  @Option(
      names = "--proof-interval",
      paramLabel = "SECONDS",
      description =
          "How often to prove that the kernel's table does what the policies say, beginning with the"
              + " start; 0 is on demand only (default: ${DEFAULT-VALUE}).",
      defaultValue = "600")
  int proofInterval = 600;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "Where `ringfence status` may ask it, root only (default: /run/ringfence/NAME.sock).")
  @Nullable Path socket;

  @Option(
      names = "--metrics",
      paramLabel = "ADDRESS:PORT",
      description =
          "Serve /metrics, /healthz and /readyz there: a loopback address, such as 127.0.0.1:9464;"
              + " off unless given.")
  @Nullable String metrics;

  @Option(
      names = "--log",
      paramLabel = "text|json",
      description = "How it writes to standard error (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  String log = "text";

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
  public Integer call() throws Exception {
    if (!LabInstance.possible()) {
      throw new Failure("the agent needs root on Linux");
    }
    if (ending.remove) {
      return AgentRun.remove(log(""));
    }
    List<String> all = new ArrayList<>(paths);
    all.addAll(morePaths);
    boolean cluster = live.wanted() || (all.isEmpty() && LiveOptions.insideOne());
    if (node == null || (all.isEmpty() && !cluster)) {
      throw new Failure(
          "which node, and from which files? ringfence agent --node NAME -f PATH, or --live");
    }
    if (cluster && !(all.isEmpty() && !ending.watch)) {
      throw new Failure("--live follows a cluster, -f and --watch files: say one of them");
    }
    byte[] input = all.contains("-") ? console.in().readAllBytes() : new byte[0];
    AgentInput from =
        cluster ? new AgentInput.Cluster(live.access(), leases()) : new AgentInput.Files(all);
    AgentRun run = new AgentRun(node, from, mode(), options(), this::print, log(node));
    return ending.once
        ? run.run(input)
        : new UntilSignal(run::stop, console).run(() -> run.run(input));
  }

  private AgentLog log(String ofNode) {
    return switch (log) {
      case "text" -> (level, event, message) -> console.note(message);
      case "json" -> new JsonLog(console, ofNode);
      default -> throw new Failure("--log=" + log + ": say text or json");
    };
  }

  private Optional<String> leases() {
    return Optional.ofNullable(leaseNamespace).filter(text -> !text.isEmpty());
  }

  private Mode mode() {
    return ending.once ? Mode.ONCE : ending.watch ? Mode.WATCH : Mode.STAY;
  }

  private AgentOptions options() {
    return new AgentOptions(
        table(),
        members.budget(),
        Duration.ofSeconds(table.resyncSeconds()),
        Duration.ofSeconds(proofSeconds()),
        Optional.ofNullable(socket),
        true,
        Optional.ofNullable(metrics).map(AgentCommand::loopback),
        Version.text());
  }

  private int proofSeconds() {
    if (proofInterval < 0) {
      throw new Failure("--proof-interval=" + proofInterval + ": seconds, or 0 for on demand only");
    }
    return proofInterval;
  }

  /// `127.0.0.1:9464` or `[::1]:9464`; no name is looked up.
  private static InetSocketAddress loopback(String text) {
    Failure wrong =
        new Failure("--metrics=" + text + ": say a loopback address and a port: 127.0.0.1:9464");
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean known = List.of("127.0.0.1", "[::1]", "localhost").contains(host);
    if (!known || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw wrong;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port > 65_535) {
      throw wrong;
    }
    return new InetSocketAddress(host.equals("[::1]") ? "::1" : "127.0.0.1", port);
  }

  private DataplaneOptions table() {
    Denial denial =
        switch (denyBy) {
          case "drop" -> Denial.DROP;
          case "reject" -> Denial.REJECT;
          default -> throw new Failure("--deny-by=" + denyBy + ": say drop or reject");
        };
    return new DataplaneOptions(
        table.owned(), denial, ownNodeEgress, logGroup, established.choice());
  }

  private void print(AgentLine line) {
    console.out().println(Json.line(line));
    console.out().flush();
  }
}
