package dev.ringfence.lab.control;

import dev.ringfence.agent.socket.JsonLines;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.ProcessMark;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// The lab's process in the background, as whoever starts and ends it sees it.
final class LabProcess {
  /// Long, for a slow machine: that the process ended is noticed at once.
  private static final Duration START = Duration.ofMinutes(2);

  private static final Duration END = Duration.ofSeconds(5);

  private final Instance instance;
  private final LabFolder folder;

  LabProcess(Instance instance, LabFolder folder) {
    this.instance = instance;
    this.folder = folder;
  }

  /// Starts it, apart from our terminal.
  Process start(List<String> serve) throws IOException {
    List<String> command = new ArrayList<>();
    if (new File("/usr/bin/setsid").canExecute()) {
      command.add("/usr/bin/setsid"); // an interrupt from the terminal is not for the lab
    }
    command.addAll(serve);
    File log = folder.log().toFile();
    String start = UUID.randomUUID().toString();
    folder.start(start);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(log)
            .redirectError(log);
    builder.environment().put(LabServer.START, start);
    Process process = builder.start();
    Optional<ProcessMark> mark = ProcessMark.of(process.pid());
    if (mark.isPresent()) {
      folder.process(mark.get());
    }
    return process;
  }

  /// Speaks to the process that was started, as soon as it listens.
  JsonLines connect(Process process) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      if (Files.exists(folder.socket())) {
        try {
          return JsonLines.to(folder.socket());
        } catch (IOException early) {
          if (System.nanoTime() > deadline) {
            throw early;
          }
        }
      }
      if (!process.isAlive()) {
        throw new LabException("the lab's process ended: " + logged());
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "the lab's process does not answer after " + START.toSeconds() + " s");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", interrupted);
    }
  }

  /// Ends it and clears everything of its name; answers whether there was anything.
  boolean endAndClear(Consumer<String> progress) throws IOException {
    boolean any = folder.exists();
    boolean cleared = end(progress);
    folder.delete();
    return any || cleared;
  }

  /// Ends it; what the API holds may stay.
  ///
  /// @return whether it did
  boolean endAndClear(Consumer<String> progress, boolean all) throws IOException {
    if (all) {
      endAndClear(progress);
      return false;
    }
    end(progress);
    return folder.deleteButApi();
  }

  private boolean end(Consumer<String> progress) throws IOException {
    Optional<ProcessMark> process = folder.process();
    if (process.isPresent()) {
      progress.accept("ending the lab's process");
      try {
        process.get().end(END);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted", interrupted);
      }
    }
    boolean any = process.isPresent();
    if (Leftovers.any(instance)) {
      progress.accept("clearing its network namespaces");
      Leftovers.clear(instance);
      any = true;
    }
    return any;
  }

  /// The end of what it printed.
  String logged() {
    try {
      String all = Files.readString(folder.log()).strip();
      return all.isEmpty() ? "it said nothing" : all.substring(Math.max(0, all.length() - 2000));
    } catch (IOException none) {
      return "it said nothing";
    }
  }
}
