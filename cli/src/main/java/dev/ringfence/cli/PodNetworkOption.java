package dev.ringfence.cli;

import dev.ringfence.lab.netns.PodNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How a lab's pods hang on their nodes.
@Command(addMethodSubcommands = false)
final class PodNetworkOption {
  @Option(
      names = "--network",
      paramLabel = "routed|bridge",
      description =
          "routed (the default): each pod on a wire of its own, with a route. bridge: all pods of a"
              + " node on one bridge.")
  String network = "routed";

  PodNetwork chosen() {
    return switch (network) {
      case "routed" -> PodNetwork.ROUTED;
      case "bridge" -> PodNetwork.BRIDGE;
      default -> throw new Failure("--network=" + network + ": say routed or bridge");
    };
  }
}
