package dev.ringfence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ringfence lab`: a small cluster of network namespaces on this machine.
@Command(
    name = "lab",
    header = "A small cluster of network namespaces, with real packets.",
    addMethodSubcommands = false,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LabUpCommand.class,
      LabStatusCommand.class,
      LabProbeCommand.class,
      LabExecCommand.class,
      LabWatchCommand.class,
      LabChaosCommand.class,
      LabDownCommand.class,
      LabServeCommand.class,
      CommandLine.HelpCommand.class
    },
    description = {
      "",
      "A small cluster on this machine: nodes, pods and outside hosts are network namespaces,"
          + " policies are enforced by the kernel, and probes show what gets through. Nothing"
          + " leaves the machine.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence lab up examples/shop                          start it, probe everything",
      "  ringfence lab exec shop/web-1 -- curl http://api:8080   be a pod",
      "  ringfence lab watch                                     edit a manifest, see what changes",
      "  ringfence lab chaos examples/shop                       change everything under traffic",
      "  ringfence lab down                                      end it, leave nothing",
      "",
      "Needs root on Linux. Elsewhere `lab up` shows what the evaluator answers and sends nothing."
    })
final class LabCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which of the lab's commands?");
  }
}
