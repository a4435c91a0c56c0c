package dev.ringfence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ringfence rollout`: what has become of a change.
@Command(
    name = "rollout",
    header = "Says on which nodes of a cluster a policy is in force.",
    addMethodSubcommands = false,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RolloutStatusCommand.class, CommandLine.HelpCommand.class},
    synopsisHeading = "%nUsage: ")
final class RolloutCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "rollout what? There is `rollout status POLICY`.");
  }
}
