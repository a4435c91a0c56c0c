package dev.ringfence.agent;

import dev.ringfence.agent.socket.AgentSockets;
import dev.ringfence.nftables.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The right to keep the tables of the calling thread's network namespace. One run of an agent has
/// it at a time; the kernel takes it back when the process ends, however it does.
///
/// A file for each namespace, locked. It is made and deleted while another file is locked, for else
/// two could each have a lock of their own. Nobody who holds a lock may open its file again, since
/// closing that would let go of it.
final class NamespaceLock implements AutoCloseable {
  private static final Path TURN = AgentSockets.FOLDER.resolve("lock");
  private static final Set<Path> OURS = new HashSet<>();

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
    synchronized (OURS) {
      if (OURS.contains(file)) {
        throw new Taken("another agent of this process");
      }
      try (FileChannel turn = open(TURN);
          FileLock _ = turn.lock()) {
        NamespaceLock taken = new NamespaceLock(file, locked(file, holder));
        OURS.add(file);
        forgetDead();
        return taken;
      }
    }
  }

  private static FileChannel locked(Path file, String holder) throws IOException {
    FileChannel channel = open(file);
    @Nullable FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new Taken(Files.readString(file));
    }
    String mark = holder + ", process " + ProcessHandle.current().pid();
    byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
    channel.write(ByteBuffer.wrap(bytes), 0);
    channel.truncate(bytes.length);
    return channel;
  }

  /// Deletes the files that killed agents left.
  private static void forgetDead() throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(AgentSockets.FOLDER, "netns-*.lock")) {
      for (Path one : all) {
        if (!OURS.contains(one)) {
          try (FileChannel channel = open(one)) {
            if (channel.tryLock() != null) {
              Files.deleteIfExists(one);
            }
          }
        }
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  @Override
  public void close() throws IOException {
    synchronized (OURS) {
      try (FileChannel turn = open(TURN);
          FileLock _ = turn.lock()) {
        Files.deleteIfExists(file);
        channel.close();
        OURS.remove(file);
      }
    }
  }

  /// Another keeps the tables of this network namespace.
  static final class Taken extends IOException {
    private static final long serialVersionUID = 1;

    Taken(String holder) {
      super(holder + " keeps the tables of this network namespace; end it first");
    }
  }
}
