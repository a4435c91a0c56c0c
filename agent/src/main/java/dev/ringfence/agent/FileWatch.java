package dev.ringfence.agent;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Waits until files change. Events of the file system only hurry it: what counts is that size or
/// time of some file differ, and they are looked at every second anyway.
public final class FileWatch implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /// Whoever writes is believed to have finished after so much silence.
  private static final Duration SILENCE = Duration.ofMillis(40);

  /// An editor may empty a file before it fills it, and emptiness would open traffic.
  private static final Duration PATIENCE_WITH_EMPTY = Duration.ofMillis(500);

  private final List<String> paths;
  private final WatchService events;
  private final Set<Path> watched = new HashSet<>();
  private Map<Path, Look> last;

  /// What tells one state of a file from another.
  private record Look(long size, long nanos, String identity) {}

  /// Watches from now on.
  ///
  /// @param paths files and folders; `-` never changes
  public FileWatch(List<String> paths) throws IOException {
    this.paths = paths.stream().filter(path -> !path.equals("-")).toList();
    this.events = FileSystems.getDefault().newWatchService();
    this.last = look();
  }

  /// Waits until something is different from what the last call saw, and has settled.
  ///
  /// @return false if the time is over before
  public boolean awaitChange(Duration atMost) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Map<Path, Look> now = look();
      if (!now.equals(last)) {
        last = settled(now);
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      sleep(Math.min(left, LOOK_EVERY.toNanos()));
    }
  }

  private Map<Path, Look> settled(Map<Path, Look> first) throws IOException, InterruptedException {
    long patience = System.nanoTime() + PATIENCE_WITH_EMPTY.toNanos();
    Map<Path, Look> before = first;
    while (true) {
      Thread.sleep(SILENCE);
      Map<Path, Look> now = look();
      boolean quiet = now.equals(before);
      if (quiet && (!emptied(now) || System.nanoTime() > patience)) {
        return now;
      }
      before = now;
    }
  }

  /// Whether a file is empty that was not, or a file that was there is missing.
  private boolean emptied(Map<Path, Look> now) {
    return last.entrySet().stream()
        .anyMatch(old -> {
          Look look = now.get(old.getKey());
          return old.getValue().size > 0 && (look == null || look.size == 0);
        });
  }

  private void sleep(long nanos) throws InterruptedException {
    WatchKey key = events.poll(nanos, TimeUnit.NANOSECONDS);
    while (key != null) {
      key.pollEvents();
      if (!key.reset() && key.watchable() instanceof Path gone) {
        watched.remove(gone);
      }
      key = events.poll();
    }
  }

  private Map<Path, Look> look() throws IOException {
    Map<Path, Look> out = new TreeMap<>();
    for (String path : paths) {
      try {
        for (Path folder : ManifestFiles.folders(path)) {
          watch(folder);
        }
        for (Path file : ManifestFiles.of(path)) {
          BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
          out.put(
              file,
              new Look(
                  found.size(),
                  found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                  String.valueOf(found.fileKey())));
        }
      } catch (IOException gone) {
        // Not there at this moment: the state that is compared says so.
      }
    }
    return out;
  }

  private void watch(Path folder) throws IOException {
    if (watched.add(folder)) {
      folder.register(
          events,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    }
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
