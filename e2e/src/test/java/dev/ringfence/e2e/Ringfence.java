package dev.ringfence.e2e;

import dev.ringfence.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The command line as a process of its own.
final class Ringfence {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Ringfence() {}

  /// What came of a command.
  record Result(int exit, String out, String err) {}

  /// The command that starts it.
  static List<String> command(String... arguments) {
    List<String> out =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    Collections.addAll(out, arguments);
    return out;
  }

  /// Runs it to its end.
  static Result run(String... arguments) throws Exception {
    try (Running running = start(command(arguments))) {
      return running.end();
    }
  }

  static Running start(List<String> command) throws IOException {
    Path folder = Files.createTempDirectory("rf-e2e-");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    return new Running(process, out, err);
  }

  /// A command that has not ended yet, or has.
  record Running(Process process, Path outFile, Path errFile) implements AutoCloseable {
    String out() throws IOException {
      return Files.readString(outFile, StandardCharsets.UTF_8);
    }

    String err() throws IOException {
      return Files.readString(errFile, StandardCharsets.UTF_8);
    }

    /// Waits until what it printed is like this.
    ///
    /// @throws IllegalStateException with all it printed, if that does not come or it ends before
    void awaitOut(Predicate<String> wanted) throws Exception {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!wanted.test(out())) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new IllegalStateException("waited in vain:\n" + out() + err());
        }
        Thread.sleep(20);
      }
    }

    /// Waits for its end.
    Result end() throws Exception {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("does not end:\n" + out() + err());
      }
      return new Result(process.exitValue(), out(), err());
    }

    /// As `kill -9`.
    void kill() {
      process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
      kill();
      Files.delete(outFile);
      Files.delete(errFile);
      Files.deleteIfExists(outFile.toAbsolutePath().getParent());
    }
  }
}
