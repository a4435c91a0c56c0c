package dev.ringfence.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a hostNetwork pod counts as (S101).
@Command(addMethodSubcommands = false)
final class HostNetworkOption {
  @Option(
      names = "--host-network",
      paramLabel = "HOW",
      description =
          "as-nodes (the default) or as-pods, for networks that tell hostNetwork pods from their"
              + " node.")
  String how = "as-nodes";

  boolean asPods() {
    return switch (how) {
      case "as-nodes" -> false;
      case "as-pods" -> true;
      default -> throw new Failure("--host-network=" + how + ": say as-nodes or as-pods");
    };
  }
}
