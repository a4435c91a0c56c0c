package dev.ringfence.lab.netns;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Whatever an instance made and still is there, found by its name, after an end as after a crash.
public final class Leftovers {
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final Path NAMESPACE_FILES = Path.of("/etc/netns");
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);
  private static final int MOST_LOOKS = 20;

  private Leftovers() {}

  /// Names of the network namespaces that are there.
  public static List<String> namespaces(Instance instance) throws IOException {
    return names(NAMESPACES, instance);
  }

  /// Whether anything is there at all.
  public static boolean any(Instance instance) throws IOException {
    return !namespaces(instance).isEmpty() || !names(NAMESPACE_FILES, instance).isEmpty();
  }

  /// Ends processes inside the namespaces, then deletes the namespaces and their files under
  /// `/etc/netns`. The lab's own process must have ended.
  ///
  /// @return how many namespaces there were
  /// @throws IOException if something could not be deleted
  public static int clear(Instance instance) throws IOException {
    int cleared = 0;
    for (int look = 0; look < MOST_LOOKS && any(instance); look++) {
      cleared += clearOnce(instance);
      pause(); // an `ip` of a killed lab may still be at work
    }
    if (any(instance)) {
      throw new IOException("could not delete " + namespaces(instance));
    }
    return cleared;
  }

  private static int clearOnce(Instance instance) throws IOException {
    List<String> found = namespaces(instance);
    endProcesses(found);
    IpBatch batch = IpBatch.ofNamespaces();
    found.forEach(name -> batch.add("netns del " + name));
    batch.runAll();
    List<String> files = names(NAMESPACE_FILES, instance);
    for (String name : files) {
      deleteTree(NAMESPACE_FILES.resolve(name));
    }
    if (!files.isEmpty() && names(NAMESPACE_FILES, "").isEmpty()) {
      Files.deleteIfExists(NAMESPACE_FILES);
    }
    return found.size();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while clearing");
    }
  }

  /// Those of `lab exec` above all; a process is ours if it lives in one of our namespaces.
  private static void endProcesses(List<String> namespaces) throws IOException {
    Set<Long> inodes = new HashSet<>();
    for (String name : namespaces) {
      Path file = NetworkNamespace.named(name);
      if (isNamespace(file)) {
        inodes.add(NetworkNamespace.inode(file));
      }
    }
    inodes.remove(NetworkNamespace.mainInode());
    try {
      for (ProcessMark process : processesIn(inodes)) {
        process.end(PATIENCE);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while ending processes");
    }
  }

  /// Whether it is more than a name: whoever made it may have been killed before mounting it.
  private static boolean isNamespace(Path file) {
    try {
      return Files.getAttribute(file, "unix:dev")
          .equals(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:dev"));
    } catch (IOException gone) {
      return false;
    }
  }

  private static List<ProcessMark> processesIn(Set<Long> inodes) throws IOException {
    List<ProcessMark> out = new ArrayList<>();
    if (inodes.isEmpty()) {
      return out;
    }
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : (Iterable<Path>) all::iterator) {
        String pid = String.valueOf(process.getFileName());
        if (pid.chars().allMatch(Character::isDigit)) {
          // The mark first: if the id changed hands before the look at its namespace, the mark of
          // the old one is dead and ends nobody.
          ProcessMark.of(Long.parseLong(pid))
              .filter(mark -> livesIn(process, inodes))
              .ifPresent(out::add);
        }
      }
    }
    return out;
  }

  private static boolean livesIn(Path process, Set<Long> inodes) {
    try {
      return inodes.contains(
          ((Number) Files.getAttribute(process.resolve("ns/net"), "unix:ino")).longValue());
    } catch (IOException gone) {
      return false;
    }
  }

  /// Deletes a folder and all below it, if it is there.
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path done, @org.jspecify.annotations.Nullable IOException failed) throws IOException {
            Files.deleteIfExists(done);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static List<String> names(Path folder, Instance instance) throws IOException {
    return names(folder, instance.prefix());
  }

  private static List<String> names(Path folder, String prefix) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }
}
