package dev.ringfence.cli;

import dev.ringfence.agent.socket.AgentSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which agents of this machine a command means.
@Command(addMethodSubcommands = false)
final class AgentSocketOptions {
  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Which node; every one that there is if left out.")
  @Nullable String node;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "The agent that listens there, as its own option --socket says.")
  @Nullable Path socket;

  /// Whether nodes of the lab may be meant as well.
  ///
  /// @param found whether an agent has answered
  boolean mayMeanTheLab(boolean found) {
    return socket == null && (node == null || !found);
  }

  /// Where to ask; there may be sockets that dead agents left.
  List<Path> sockets() {
    if (socket != null) {
      return List.of(socket);
    }
    try {
      return node == null ? AgentSockets.all() : AgentSockets.allOf(node);
    } catch (IllegalArgumentException wrong) {
      throw new Failure("--node=" + node + ": " + wrong.getMessage(), wrong);
    } catch (IOException unreadable) {
      throw new Failure(
          "cannot look into "
              + AgentSockets.FOLDER
              + " (are you root?): "
              + unreadable.getMessage(),
          unreadable);
    }
  }
}
