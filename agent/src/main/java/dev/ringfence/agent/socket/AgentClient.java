package dev.ringfence.agent.socket;

import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Asks a running agent.
///
/// @param socket where it listens
public record AgentClient(Path socket) {
  /// How it stands.
  ///
  /// @return empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<AgentStatus> status() throws IOException {
    Optional<AgentReply> reply = ask(AgentRequest.STATUS);
    return reply.isPresent() ? Optional.of(status(reply.get())) : Optional.empty();
  }

  /// Has the table proved now.
  ///
  /// @return how it stands with that proof; empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<AgentStatus> proof() throws IOException {
    Optional<AgentReply> reply = ask(AgentRequest.PROOF);
    return reply.isPresent() ? Optional.of(status(reply.get())) : Optional.empty();
  }

  /// What is programmed and, beside each part, why.
  ///
  /// @return empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<String> table() throws IOException {
    return ask(AgentRequest.TABLE).map(AgentReply::text);
  }

  private static AgentStatus status(AgentReply reply) throws IOException {
    if (reply.status() == null) {
      throw new IOException("it answered something else");
    }
    return reply.status();
  }

  private Optional<AgentReply> ask(String verb) throws IOException {
    JsonLines to;
    try {
      to = JsonLines.to(socket);
    } catch (ConnectException nobody) {
      return Optional.empty();
    } catch (IOException failed) {
      if (isMissing()) {
        return Optional.empty();
      }
      throw failed;
    }
    try (to) {
      to.send(Json.line(new AgentRequest(verb)));
      AgentReply reply = to.receive(AgentReply.class);
      if (reply.failure() != null) {
        throw new IOException(reply.failure());
      }
      return Optional.of(reply);
    } catch (JsonLines.Gone gone) {
      throw new IOException("it ended meanwhile, or we may not ask it", gone);
    }
  }

  /// Whether there is no such socket, rather than one that we may not see.
  private boolean isMissing() throws AccessDeniedException {
    Path folder = socket.toAbsolutePath().getParent();
    if (folder != null && Files.isDirectory(folder) && !Files.isExecutable(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
    return !Files.exists(socket);
  }
}
