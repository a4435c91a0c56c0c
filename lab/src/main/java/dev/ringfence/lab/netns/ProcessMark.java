package dev.ringfence.lab.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A process that is surely the same one later: its id and when it started.
///
/// @param started clock ticks since boot, field 22 of `/proc/PID/stat`
public record ProcessMark(long pid, long started) {
  /// The process with this id, if it is alive.
  public static Optional<ProcessMark> of(long pid) {
    return started(pid).map(ticks -> new ProcessMark(pid, ticks));
  }

  /// As [#toString] wrote it; empty for anything else.
  public static Optional<ProcessMark> parse(String text) {
    String[] parts = text.strip().split(" ", -1);
    try {
      return parts.length == 2
          ? Optional.of(new ProcessMark(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException torn) {
      return Optional.empty();
    }
  }

  /// Whether this very process is alive, and not another that got its id.
  public boolean alive() {
    return started(pid).filter(ticks -> ticks == started).isPresent();
  }

  /// Ends it: asks, waits this long, then kills. Another process with its id is left alone.
  public void end(java.time.Duration patience) throws InterruptedException {
    if (!alive()) {
      return;
    }
    Optional<ProcessHandle> handle = ProcessHandle.of(pid); // holds the start time as well
    if (handle.isEmpty() || !alive()) {
      return;
    }
    handle.get().destroy();
    long deadline = System.nanoTime() + patience.toNanos();
    while (alive() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    if (alive()) {
      handle.get().destroyForcibly();
      while (alive()) {
        Thread.sleep(10);
      }
    }
  }

  @Override
  public String toString() {
    return pid + " " + started;
  }

  /// A zombie counts as gone: it holds nothing any more.
  private static Optional<Long> started(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> after = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return after.getFirst().equals("Z")
          ? Optional.empty()
          : Optional.of(Long.valueOf(after.get(19)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
