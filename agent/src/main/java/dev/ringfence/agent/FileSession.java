package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.report.AgentStatus.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A state that files tell; on the agent's thread.
final class FileSession implements ClusterSource {
  private final FileState files;
  private final FileWatch watch;
  private final boolean watching;
  private final NodeAgent agent;
  private final KernelSession kernel;
  private final Journal journal;
  private final AgentLog log;
  private @Nullable Loaded applied;
  private List<String> said = List.of();
  private List<String> refusals = List.of();

  /// @param watching whether changes of the files count; from now on
  FileSession(
      FileState files,
      boolean watching,
      NodeAgent agent,
      KernelSession kernel,
      Journal journal,
      AgentLog log)
      throws IOException {
    this.files = files;
    this.watching = watching;
    this.watch = new FileWatch(watching ? files.paths() : List.of());
    this.agent = agent;
    this.kernel = kernel;
    this.journal = journal;
    this.log = log;
  }

  @Override
  public boolean changes() {
    return watching;
  }

  @Override
  public void follow(Heard heard) throws InterruptedException {
    boolean failing = false;
    while (true) {
      try {
        if (watch.awaitChange(Duration.ofDays(1))) {
          heard.changed(System.nanoTime());
        }
        if (failing) {
          heard.hearing(Trouble.FILES);
        }
        failing = false;
      } catch (IOException failed) {
        if (!failing) {
          heard.deaf(Trouble.FILES, "changes of the files are not noticed: " + failed.getMessage());
        }
        failing = true;
        Thread.sleep(Duration.ofSeconds(1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }

  @Override
  public Input input() {
    return new Input(files.paths(), refusals.isEmpty() && applied != null, refusals);
  }

  /// Takes what can be taken of the files as they are now.
  @Override
  public boolean take(long known) {
    FileState.Reading reading = files.read();
    say(reading);
    refusals = reading.refusals();
    if (refusals.isEmpty()) {
      journal.over(Trouble.INPUT);
    } else {
      String first = refusals.getFirst();
      String rest = refusals.size() == 1 ? "" : " (and " + (refusals.size() - 1) + " more)";
      journal.troubled(Trouble.INPUT, first + rest);
    }
    if (reading.inForce().isEmpty()) {
      return false;
    }
    Loaded loaded = reading.inForce().get();
    boolean inForce = (loaded.equals(applied) && !agent.behind()) || apply(loaded, known);
    return inForce && reading.complete();
  }

  private boolean apply(Loaded loaded, long known) {
    boolean done =
        kernel.apply(() -> Optional.of(agent.apply(loaded.snapshot(), loaded.policies())), known);
    if (done) {
      applied = loaded;
    }
    return done;
  }

  /// Says what is wrong with the files, once for as long as it is the same.
  private void say(FileState.Reading reading) {
    List<String> now = new ArrayList<>();
    reading.refusals().forEach(line -> say(Level.ERROR, "input-refused", line, now));
    reading
        .inForce()
        .ifPresent(loaded ->
            loaded.problems().stream()
                .filter(problem -> !problem.isError())
                .map(Problem::toString)
                .forEach(line -> say(Level.WARNING, "input-warning", line, now)));
    said = now;
  }

  private void say(Level level, String event, String line, List<String> now) {
    now.add(line);
    if (!said.contains(line)) {
      log.say(level, event, line);
    }
  }
}
