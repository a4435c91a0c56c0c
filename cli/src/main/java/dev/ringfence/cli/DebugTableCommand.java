package dev.ringfence.cli;

import dev.ringfence.agent.NodeAgent;
import dev.ringfence.agent.socket.AgentClient;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.report.LabStatus.NodeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `ringfence debug table`: a node's table and, beside each part, why.
@Command(
    name = "table",
    header = "Prints the nodes' tables and the reason for each part.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Prints what the agents of this machine and the nodes of the lab have programmed: their pods,"
          + " the groups that judge them, the sets that groups use, and beside each part the policies and selectors it comes from;"
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
      "Exit codes: 0 printed; 2 there is no such node, or neither agent nor lab."
    })
final class DebugTableCommand implements Callable<Integer> {
  private final Console console;

  @Mixin AgentSocketOptions agents = new AgentSocketOptions();

  @Mixin InputOptions input = new InputOptions();

  @Mixin BudgetOption members = new BudgetOption();

  @Mixin LabInstance lab = new LabInstance();

  DebugTableCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().println(input.paths.isEmpty() ? ofWhatRuns() : ofThisNamespace());
    return ExitCodes.YES;
  }

  private String ofThisNamespace() {
    if (agents.node == null) {
      throw new Failure("which node is this network namespace? Say --node NAME");
    }
    if (!LabInstance.possible()) {
      throw new Failure("reading the kernel's tables needs root on Linux");
    }
    Loaded loaded = input.load(console, List.of());
    try {
      return NodeAgent.explain(agents.node, loaded.snapshot(), loaded.policies(), members.budget())
          .stripTrailing();
    } catch (OverBudget refused) {
      throw new Failure(String.valueOf(refused.getMessage()), refused);
    }
  }

  private String ofWhatRuns() {
    List<String> texts = new ArrayList<>();
    for (Path one : agents.sockets()) {
      try {
        new AgentClient(one).table().ifPresent(texts::add);
      } catch (IOException failed) {
        throw new Failure("the agent at " + one + " does not say: " + failed.getMessage(), failed);
      }
    }
    if (agents.socket != null && texts.isEmpty()) {
      throw new Failure("no agent is running at " + agents.socket);
    }
    LabClient client = lab.client();
    if (texts.isEmpty() || (agents.mayMeanTheLab(true) && client.running())) {
      nodes(client).forEach(one -> texts.add(client.table(one)));
    }
    return String.join("\n\n", texts.stream().map(String::stripTrailing).toList());
  }

  private List<String> nodes(LabClient client) {
    return agents.node == null
        ? client.status().nodes().stream().map(NodeStatus::name).toList()
        : List.of(agents.node);
  }
}
