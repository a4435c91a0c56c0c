package dev.ringfence.agent.socket;

import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.Json;
import dev.ringfence.report.ProofDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks a running agent.
///
/// @param socket where it listens
public record AgentClient(Path socket) {
  /// How it stands.
  ///
  /// @return empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<AgentStatus> status() throws IOException {
    return said(ask(AgentRequest.STATUS), AgentReply::status);
  }

  /// Has the table proved now.
  ///
  /// @return empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<ProofDocument> proof() throws IOException {
    return said(ask(AgentRequest.PROOF), AgentReply::proof);
  }

  /// What is programmed and, beside each part, why.
  ///
  /// @return empty if no agent is running there
  /// @throws IOException if one is but does not say
  public Optional<String> table() throws IOException {
    return said(ask(AgentRequest.TABLE), AgentReply::text);
  }

  private static <T> Optional<T> said(
      Optional<AgentReply> reply, Function<AgentReply, @Nullable T> part) throws IOException {
    if (reply.isEmpty()) {
      return Optional.empty();
    }
    T said = part.apply(reply.get());
    if (said == null) {
      throw new IOException("it answered something else");
    }
    return Optional.of(said);
  }

  private Optional<AgentReply> ask(String verb) throws IOException {
    Optional<JsonLines> connected = connect();
    if (connected.isEmpty()) {
      return Optional.empty();
    }
    JsonLines to = connected.get();
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

  /// Empty if nobody listens there.
  private Optional<JsonLines> connect() throws IOException {
    try {
      return Optional.of(JsonLines.to(socket));
    } catch (ConnectException nobody) {
      return Optional.empty();
    } catch (IOException failed) {
      if (isMissing()) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(JsonLines.to(socket)); // an agent may have made it just now
    } catch (ConnectException notYet) {
      return Optional.empty();
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
