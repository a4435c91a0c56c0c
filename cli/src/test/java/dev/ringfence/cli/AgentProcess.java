package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A `ringfence` process inside a network namespace, its output in files.
final class AgentProcess implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

  private final Process process;
  private final Path out;
  private final Path err;

  private AgentProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// @param space the network namespace's name
  /// @param folder takes the output
  static AgentProcess start(String space, Path folder, List<String> arguments) throws IOException {
    Path out = Files.createTempFile(folder, "agent", ".out");
    Path err = Files.createTempFile(folder, "agent", ".err");
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", space));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new AgentProcess(process, out, err);
  }

  /// The lines of standard output so far.
  List<String> lines() {
    return read(out);
  }

  String errors() {
    return String.join("\n", read(err));
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  long pid() {
    return process.pid();
  }

  /// Waits until it has printed so many generations.
  void awaitGenerations(int count) throws InterruptedException {
    await(count + " generations", () -> lines().size() >= count);
  }

  void awaitError(String part) throws InterruptedException {
    await(part, () -> errors().contains(part));
  }

  void await(String what, BooleanSupplier come) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    while (!come.getAsBoolean()) {
      assertThat(process.isAlive() && System.nanoTime() < deadline)
          .as("%s never came; it said:%n%s%n%s", what, errors(), lines())
          .isTrue();
      Thread.sleep(20);
    }
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL, and gone.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ends; it said: %s", errors()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
