package dev.ringfence.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `ringfence lab exec`: a command inside a pod's network namespace.
@Command(
    name = "exec",
    header = "Runs a command inside a pod.",
    addMethodSubcommands = false,
    sortOptions = false,
    customSynopsis = "ringfence lab exec POD -- COMMAND...",
    description = {
      "",
      "Runs a command of this machine inside the network namespace of a pod, a node (node/NAME) or"
          + " a host outside. Names of pods, Services and hosts resolve inside.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence lab exec shop/web-1 -- curl -sS -m 2 http://api:8080",
      "  ringfence lab exec customer.example -- ping -c 1 web-1.shop",
      "  ringfence lab exec node/node-1 -- nft list table inet ringfence",
      "",
      "Exit code: that of the command; 2 if it could not be run."
    })
final class LabExecCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "A pod by any of its names, node/NAME, or a host outside.")
  String end = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run.")
  List<String> command = new ArrayList<>();

  @Mixin LabInstance lab = new LabInstance();

  LabExecCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().flush();
    return lab.client().exec(end, command);
  }
}
