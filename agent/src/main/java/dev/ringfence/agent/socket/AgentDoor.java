package dev.ringfence.agent.socket;

import dev.ringfence.report.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/// A Unix socket on which this user and root may ask an agent, and nobody else.
public final class AgentDoor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("ringfence.agent");

  private final Path path;
  private final ServerSocketChannel door;
  private final Function<AgentRequest, AgentReply> answers;

  private AgentDoor(
      Path path, ServerSocketChannel door, Function<AgentRequest, AgentReply> answers) {
    this.path = path;
    this.door = door;
    this.answers = answers;
  }

  /// Listens from now on. A socket that a dead agent left is replaced.
  ///
  /// @param answers may be called by several threads at a time
  /// @throws InUse if another agent answers there
  /// @throws IOException if there can be no socket
  public static AgentDoor open(Path path, Function<AgentRequest, AgentReply> answers)
      throws IOException {
    AgentSockets.makeFolderOf(path);
    if (Files.exists(path)) {
      if (somebodyListens(path)) {
        throw new InUse(path);
      }
      Files.delete(path);
    }
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    AgentDoor out = new AgentDoor(path, channel, answers);
    Thread.ofPlatform().name("door").daemon().start(out::admit);
    return out;
  }

  /// Deletes those on which nobody listens, nor began to within the last minute.
  public static void forgetDead(List<Path> sockets) throws IOException {
    FileTime young = FileTime.from(Instant.now().minus(Duration.ofMinutes(1)));
    for (Path one : sockets) {
      if (Files.exists(one)
          && Files.getLastModifiedTime(one).compareTo(young) < 0
          && !somebodyListens(one)) {
        Files.deleteIfExists(one);
      }
    }
  }

  private static boolean somebodyListens(Path path) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private void admit() {
    while (true) {
      try {
        SocketChannel client = door.accept();
        Thread.ofVirtual().name("asked").start(() -> speak(client));
      } catch (ClosedChannelException ended) {
        return;
      } catch (IOException failed) {
        LOG.log(System.Logger.Level.WARNING, "somebody could not ask: " + failed.getMessage());
      }
    }
  }

  private void speak(SocketChannel client) {
    try (JsonLines with = new JsonLines(client)) {
      if (mayAsk(client)) {
        with.send(Json.line(answer(with)));
      }
    } catch (IOException gone) {
      // Whoever asked is not there any more.
    }
  }

  private AgentReply answer(JsonLines with) throws IOException {
    AgentRequest request = with.receive(AgentRequest.class);
    try {
      return answers.apply(request);
    } catch (RuntimeException failed) {
      LOG.log(System.Logger.Level.WARNING, "cannot answer " + request.verb(), failed);
      return AgentReply.failed(failed.toString());
    }
  }

  /// The file's mode says the same; this holds too where it was another for a moment.
  private boolean mayAsk(SocketChannel client) throws IOException {
    UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
    return peer.user().getName().equals("root") || peer.user().equals(Files.getOwner(path));
  }

  @Override
  public void close() throws IOException {
    door.close();
    Files.deleteIfExists(path);
  }

  /// Somebody answers at that path already.
  public static final class InUse extends IOException {
    private static final long serialVersionUID = 1;

    InUse(Path path) {
      super("another agent answers at " + path);
    }
  }
}
