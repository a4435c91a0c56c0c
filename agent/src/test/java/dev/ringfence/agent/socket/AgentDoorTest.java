package dev.ringfence.agent.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may ask where, and what becomes of sockets.
final class AgentDoorTest {
  @TempDir Path folder;

  private Path socket() {
    return folder.resolve("run").resolve("n.sock");
  }

  private static AgentReply answer(AgentRequest request) {
    return switch (request.verb()) {
      case AgentRequest.TABLE -> AgentReply.of("a table");
      case AgentRequest.STATUS -> throw new IllegalStateException("it has none");
      default -> AgentReply.failed("no such request: " + request.verb());
    };
  }

  /// What is logged meanwhile, and so not printed among the words of the tests.
  private static List<String> told(Runnable body) {
    List<String> out = new CopyOnWriteArrayList<>();
    Logger log = Logger.getLogger("ringfence.agent");
    Filter before = log.getFilter();
    log.setFilter(record -> {
      out.add(record.getMessage());
      return false;
    });
    try {
      body.run();
    } finally {
      log.setFilter(before);
    }
    return out;
  }

  private void dies() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertThat(socket()).as("closing leaves the file").exists();
  }

  @Test
  void answersAndIsPrivate() throws IOException {
    try (AgentDoor door = AgentDoor.open(socket(), AgentDoorTest::answer)) {
      AgentClient client = new AgentClient(socket());
      assertThat(client.table()).contains("a table");
      assertThat(told(() -> assertThatThrownBy(client::status).hasMessageContaining("it has none")))
          .as("who keeps the log has to know of it too")
          .contains("cannot answer status");
      assertThatThrownBy(client::proof).hasMessage("no such request: proof");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(socket().resolveSibling(""))))
          .isEqualTo("rwx------");
      assertThat(door).isNotNull();
    }
    assertThat(socket()).doesNotExist();
    assertThat(new AgentClient(socket()).table()).isEmpty();
  }

  @Test
  void aDeadOnesIsReplacedAndALiveOnesIsNot() throws IOException {
    dies();
    assertThat(new AgentClient(socket()).table()).isEmpty();
    try (AgentDoor door = AgentDoor.open(socket(), AgentDoorTest::answer)) {
      assertThatThrownBy(() -> AgentDoor.open(socket(), AgentDoorTest::answer))
          .isInstanceOf(AgentDoor.InUse.class);
      assertThat(new AgentClient(socket()).table()).contains("a table");
      assertThat(door).isNotNull();
    }
  }

  @Test
  void onlyDeadOnesAreForgotten() throws IOException {
    dies();
    AgentDoor.forgetDead(List.of(socket()));
    assertThat(socket()).as("it may be about to listen").exists();
    Files.setLastModifiedTime(socket(), FileTime.fromMillis(0));
    AgentDoor.forgetDead(List.of(socket()));
    assertThat(socket()).doesNotExist();
    try (AgentDoor door = AgentDoor.open(socket(), AgentDoorTest::answer)) {
      Files.setLastModifiedTime(socket(), FileTime.fromMillis(0));
      AgentDoor.forgetDead(List.of(socket()));
      assertThat(socket()).exists();
      assertThat(door).isNotNull();
    }
  }

  @Test
  void everyNodeHasAPlaceThatFits() {
    assertThat(AgentSockets.of("node-1")).isEqualTo(Path.of("/run/ringfence/node-1.sock"));
    Path some = AgentSockets.of("a".repeat(253));
    Path other = AgentSockets.of("a".repeat(252));
    assertThat(some).isNotEqualTo(other);
    assertThat(some.toString().length()).isLessThanOrEqualTo(107);
    assertThat(AgentSockets.another("a".repeat(253)).toString().length()).isLessThanOrEqualTo(107);
    for (String wrong : List.of("", "../x", "a/b", ".", "a+b")) {
      assertThatThrownBy(() -> AgentSockets.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
