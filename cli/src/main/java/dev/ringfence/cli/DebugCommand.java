package dev.ringfence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ringfence debug`: looking inside.
@Command(
    name = "debug",
    header = "Shows what is programmed, and why.",
    addMethodSubcommands = false,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DebugTableCommand.class, DebugProofCommand.class, CommandLine.HelpCommand.class},
    synopsisHeading = "%nUsage: ")
final class DebugCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "debug what? There are `debug table` and `debug proof`.");
  }
}
