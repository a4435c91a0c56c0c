package dev.ringfence.cli;

import dev.ringfence.agent.socket.AgentClient;
import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringfence status`: how the agents of this machine stand.
@Command(
    name = "status",
    header = "Says how a node's agent and its table stand.",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Asks the agent through its Unix socket: what is in force since when, what it holds, what went"
          + " wrong last, which pods are unguarded, whether the kernel's table was proved, what was"
          + " denied. Without --node or --socket, every agent of this machine.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence status",
      "  ringfence status --node node-1 -o json",
      "",
      "Exit codes: 0 healthy; 1 degraded: something needs a person; 2 it could not be asked;",
      "3 no agent is running."
    })
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Mixin AgentSocketOptions agents = new AgentSocketOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, or json: one object a line for each agent.")
  @Nullable String output;

  @Option(names = "--policies", description = "Name the policies in force, too.")
  boolean policies;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Format format = Format.of(output, false);
    List<Path> sockets = agents.sockets();
    if (sockets.isEmpty()) {
      console.note("ringfence: no agent is running on this machine");
      return ExitCodes.NOT_RUNNING;
    }
    int code = ExitCodes.YES;
    for (Path one : sockets) {
      code = Math.max(code, say(one, format));
    }
    return code;
  }

  private int say(Path of, Format format) {
    Optional<AgentStatus> status;
    try {
      status = new AgentClient(of).status();
    } catch (IOException failed) {
      throw new Failure("the agent at " + of + " does not say: " + failed.getMessage(), failed);
    }
    if (status.isEmpty()) {
      console.note("ringfence: no agent is running at " + of);
      return ExitCodes.NOT_RUNNING;
    }
    switch (format) {
      case TEXT ->
          StatusText.of(status.get(), Instant.now(), policies).forEach(console.out()::println);
      case JSON -> console.out().println(Json.line(status.get()));
    }
    return status.get().healthy() ? ExitCodes.YES : ExitCodes.NO;
  }
}
