package dev.ringfence.lab.control;

import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.ProcessMark;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.report.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a running lab keeps on disk. Every file is replaced whole, so a crash leaves the old or the
/// new.
final class LabFolder {
  private final Path folder;
  private final Path lock;

  LabFolder(Instance instance) {
    folder = instance.state();
    lock = folder.resolveSibling(folder.getFileName() + ".lock");
  }

  void create() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  void delete() throws IOException {
    Leftovers.deleteTree(folder);
  }

  /// Everything but what the API holds; answers whether there was that.
  boolean deleteButApi() throws IOException {
    if (!Files.isDirectory(api())) {
      delete();
      return false;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        if (!one.equals(api())) {
          Leftovers.deleteTree(one);
        }
      }
    }
    return true;
  }

  /// Where the lab's Kubernetes API keeps its objects, and its kubeconfig.
  Path api() {
    return folder.resolve("api");
  }

  /// What of the API's objects cannot be brought about.
  Path held() {
    return api().resolve("held.json");
  }

  /// Whether the API's objects came from these manifests first.
  boolean apiIsOf(List<String> paths) throws IOException {
    return text("api/paths").filter(lines(paths)::equals).isPresent();
  }

  void apiOf(List<String> paths) throws IOException {
    write("api/paths", lines(paths));
  }

  private static String lines(List<String> paths) {
    return paths.stream()
        .map(path -> path.equals("-") ? path : absolute(path))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  boolean exists() {
    return Files.exists(folder);
  }

  Path socket() {
    return folder.resolve("control.sock");
  }

  /// What the process prints, mostly nothing.
  Path log() {
    return folder.resolve("serve.log");
  }

  /// The lab's process, if it is alive.
  Optional<ProcessMark> process() throws IOException {
    return text("pid").flatMap(ProcessMark::parse).filter(ProcessMark::alive);
  }

  void process(ProcessMark mark) throws IOException {
    write("pid", mark + "\n");
  }

  /// Marks the folder as made for one start; a process of an earlier start that was overtaken finds
  /// another mark and must end.
  void start(String token) throws IOException {
    write("start", token);
  }

  boolean isOfStart(String token) throws IOException {
    return text("start").filter(token::equals).isPresent();
  }

  /// What was given to whom; nothing if that cannot be read.
  Assigned assigned() throws IOException {
    Optional<String> text = text("assigned.json");
    try {
      return text.isPresent() ? Json.read(text.get(), Assigned.class) : Assigned.NOTHING;
    } catch (Json.Unreadable damaged) {
      return Assigned.NOTHING;
    }
  }

  void assigned(Assigned assigned) throws IOException {
    write("assigned.json", Json.line(assigned) + "\n");
  }

  /// What `-` stands for.
  byte[] standardInput() throws IOException {
    Path file = folder.resolve("stdin");
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  void standardInput(byte[] bytes) throws IOException {
    Files.write(folder.resolve("stdin"), bytes);
  }

  private Optional<String> text(String name) throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(name)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private void write(String name, String text) throws IOException {
    Path fresh = folder.resolve(name + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Waits for whoever is starting or ending this lab.
  Held hold() throws IOException {
    return hold(FileChannel::lock).orElseThrow();
  }

  /// As [#hold], without waiting; empty if somebody is.
  Optional<Held> tryHold() throws IOException {
    return hold(FileChannel::tryLock);
  }

  /// How to lock; null where somebody else has.
  private interface Locking {
    @Nullable FileLock of(FileChannel channel) throws IOException;
  }

  private Optional<Held> hold(Locking locking) throws IOException {
    while (true) {
      Files.createDirectories(
          root(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      try {
        FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = locking.of(channel);
        if (held == null) {
          channel.close();
          return Optional.empty();
        }
        if (isOurs(channel)) {
          return Optional.of(new Held(this, channel, held));
        }
        channel.close(); // whoever held it has deleted it meanwhile
      } catch (NoSuchFileException gone) {
        // The last lab of the machine went between our two steps.
      }
    }
  }

  private Path root() {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalStateException("no folder for " + folder);
    }
    return parent;
  }

  private void letGo(FileChannel channel) throws IOException {
    Files.deleteIfExists(lock);
    channel.close();
    try {
      Files.deleteIfExists(root());
    } catch (DirectoryNotEmptyException others) {
      // Another lab of this machine is there.
    }
  }

  /// Whether the locked file is still the one under that name: it has the length that we give ours.
  ///
  /// Opening it a second time would not do: closing that ends the lock as well.
  private boolean isOurs(FileChannel channel) throws IOException {
    long length = ThreadLocalRandom.current().nextLong(1, 1L << 30);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), length - 1);
    try {
      return Files.size(lock) == length;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /// The right to start or end this lab.
  record Held(LabFolder of, FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      of.letGo(channel);
    }
  }
}
