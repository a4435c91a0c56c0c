package dev.ringfence.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `ringfence` command.
@Command(
    name = "ringfence",
    version = "ringfence 0.1.0-SNAPSHOT",
    mixinStandardHelpOptions = true,
    description = "Kubernetes network policies enforced, explained and verified.")
public final class Main implements Callable<Integer> {
  @Override
  public Integer call() {
    CommandLine.usage(this, System.err);
    return CommandLine.ExitCode.USAGE;
  }

  /// Runs one command; the process ends with the command's exit code.
  ///
  /// @param args as typed
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
