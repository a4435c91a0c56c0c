package dev.ringfence.cli;

import dev.ringfence.agent.NodeAgent;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.report.LabStatus.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringfence debug table`: a node's table and, beside each part, why.
@Command(
    name = "table",
    header = "Prints the nodes' tables and the reason for each part.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Prints what the nodes of the lab have programmed: their pods, the groups that judge them, the"
          + " sets that groups use, and beside each part the policies and selectors it comes from;"
          + " at the end whether the kernel holds just that. With -f it is about the network"
          + " namespace it is started in, as the node that --node names.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence debug table",
      "  ringfence debug table --node node-1",
      "  ringfence debug table --node node-1 -f cluster/      beside `ringfence agent`",
      "  ringfence lab exec node/node-1 -- nft list table inet ringfence   the same as nft sees it",
      "",
      "Exit codes: 0 printed; 2 there is no such node, or no lab."
    })
final class DebugTableCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Which node; every node of the lab if left out.")
  @Nullable String node;

  @Mixin InputOptions input = new InputOptions();

  @Mixin LabInstance lab = new LabInstance();

  DebugTableCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().println(input.paths.isEmpty() ? ofTheLab() : ofThisNamespace());
    return ExitCodes.YES;
  }

  private String ofThisNamespace() {
    if (node == null) {
      throw new Failure("which node is this network namespace? Say --node NAME");
    }
    if (!LabInstance.possible()) {
      throw new Failure("reading the kernel's tables needs root on Linux");
    }
    Loaded loaded = input.load(console, List.of());
    return NodeAgent.explain(node, loaded.snapshot(), loaded.policies()).stripTrailing();
  }

  private String ofTheLab() {
    LabClient client = lab.client();
    List<String> nodes = new ArrayList<>();
    if (node == null) {
      client.status().nodes().stream().map(NodeStatus::name).forEach(nodes::add);
    } else {
      nodes.add(node);
    }
    List<String> texts = nodes.stream().map(client::table).map(String::stripTrailing).toList();
    return String.join("\n\n", texts);
  }
}
