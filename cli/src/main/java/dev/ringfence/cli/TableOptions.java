package dev.ringfence.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How a node's table is kept.
@Command(addMethodSubcommands = false)
final class TableOptions {
  @Option(
      names = "--table-owner",
      paramLabel = "on|off",
      description =
          "on (the default): where the kernel can, nobody else may edit the table. off: you may.")
  String owner = "on";

  @Option(
      names = "--resync",
      paramLabel = "SECONDS",
      description =
          "How often to look whether the kernel still holds what it should, and repair it;"
              + " 0 is never (default: ${DEFAULT-VALUE}).",
      defaultValue = "30")
  int resync = 30;

  boolean owned() {
    return switch (owner) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new Failure("--table-owner=" + owner + ": say on or off");
    };
  }

  int resyncSeconds() {
    if (resync < 0) {
      throw new Failure("--resync=" + resync + ": seconds, or 0 for never");
    }
    return resync;
  }
}
