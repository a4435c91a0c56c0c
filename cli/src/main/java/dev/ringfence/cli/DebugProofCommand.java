package dev.ringfence.cli;

import dev.ringfence.agent.NodeAgent;
import dev.ringfence.agent.socket.AgentClient;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus.NodeStatus;
import dev.ringfence.report.ProofDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringfence debug proof`: whether the kernel's tables do what the policies say.
@Command(
    name = "proof",
    header = "Proves that the kernel's table does what the policies say.",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Reads a node's table back from the kernel and compares it with the policies, for every packet"
          + " there can be: every group of local pods, every class of addresses, every interval of"
          + " ports, and what the guard of each pod's wire lets through. A difference names a packet"
          + " and the rule that decides it.",
      "",
      "Asks the agents of this machine and the lab, if one is up. With -f it is about the network"
          + " namespace it is started in, as the node that --node names.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence debug proof",
      "  ringfence debug proof --node node-1 -o json",
      "  ringfence debug proof --node node-1 -f cluster/",
      "",
      "Exit codes: 0 equal; 1 different, or something in a table could not be interpreted; 2 there is",
      "no such node, or it could not be asked."
    })
final class DebugProofCommand implements Callable<Integer> {
  private final Console console;

  @Mixin AgentSocketOptions agents = new AgentSocketOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, or json: one object a line for each node.")
  @Nullable String output;

  @Mixin InputOptions input = new InputOptions();

  @Mixin BudgetOption members = new BudgetOption();

  @Mixin LabInstance lab = new LabInstance();

  DebugProofCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Format format = Format.of(output, false);
    if (!LabInstance.possible()) {
      throw new Failure("reading the kernel's tables needs root on Linux");
    }
    List<ProofDocument> proofs = input.paths.isEmpty() ? ofWhatRuns() : List.of(ofThisNamespace());
    if (proofs.isEmpty()) {
      throw new Failure(
          agents.node == null
              ? "no agent is running, and no lab"
              : "no agent of node " + agents.node + " is running, and no lab with it");
    }
    for (ProofDocument proof : proofs) {
      switch (format) {
        case TEXT -> ProofText.of(proof).forEach(console.out()::println);
        case JSON -> console.out().println(Json.line(proof));
      }
    }
    return proofs.stream().allMatch(ProofDocument::equal) ? ExitCodes.YES : ExitCodes.NO;
  }

  private ProofDocument ofThisNamespace() {
    if (agents.node == null) {
      throw new Failure("which node is this network namespace? Say --node NAME");
    }
    Loaded loaded = input.load(console, List.of());
    try {
      return NodeAgent.prove(
          agents.node,
          loaded.snapshot(),
          loaded.policies(),
          DataplaneOptions.STANDARD,
          members.budget());
    } catch (OverBudget refused) {
      throw new Failure(String.valueOf(refused.getMessage()), refused);
    }
  }

  private List<ProofDocument> ofWhatRuns() {
    List<ProofDocument> out = new ArrayList<>();
    for (Path one : agents.sockets()) {
      try {
        new AgentClient(one).proof().ifPresent(out::add);
      } catch (IOException failed) {
        throw new Failure("the agent at " + one + " does not say: " + failed.getMessage(), failed);
      }
    }
    LabClient client = lab.client();
    if (agents.mayMeanTheLab(!out.isEmpty()) && client.running()) {
      client.status().nodes().stream()
          .map(NodeStatus::name)
          .filter(name -> agents.node == null || agents.node.equals(name))
          .forEach(name -> out.add(client.proof(name)));
    }
    return out;
  }
}
