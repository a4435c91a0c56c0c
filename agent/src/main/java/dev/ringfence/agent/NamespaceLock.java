package dev.ringfence.agent;

import dev.ringfence.agent.socket.AgentSockets;
import dev.ringfence.nftables.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The right to keep the tables of the calling thread's network namespace. One run of an agent has
/// it at a time; the kernel takes it back when the process ends, however it does.
///
/// The file stays: whoever deleted it could leave two others each with a lock of its own. Nobody
/// who holds it may open it again, since closing that would let go of the lock.
final class NamespaceLock implements AutoCloseable {
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private NamespaceLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes it, or fails at once.
  ///
  /// @param holder what whoever is refused is told: `the agent of node n1`
  /// @throws Taken if another has it
  static NamespaceLock take(String holder) throws IOException {
    Path file =
        AgentSockets.FOLDER.resolve("netns-" + NetworkNamespace.inodeOfCurrentThread() + ".lock");
    AgentSockets.makeFolderOf(file);
    if (!OURS.add(file)) {
      throw new Taken("another agent of this process");
    }
    try {
      FileChannel channel = locked(file);
      String mark = holder + ", process " + ProcessHandle.current().pid();
      byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(bytes), 0);
      channel.truncate(bytes.length);
      return new NamespaceLock(file, channel);
    } catch (IOException | RuntimeException failed) {
      OURS.remove(file);
      throw failed;
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new Taken(Files.readString(file));
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    OURS.remove(file);
  }

  /// Another keeps the tables of this network namespace.
  static final class Taken extends IOException {
    private static final long serialVersionUID = 1;

    Taken(String holder) {
      super(holder + " keeps the tables of this network namespace; end it first");
    }
  }
}
