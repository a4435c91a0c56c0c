package dev.ringfence.nftables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/// A network namespace `rf-nl-…` for one test; nothing leaves it.
public final class ScratchNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private ScratchNamespace(String name) {
    this.name = name;
  }

  /// Makes one with its loopback up; skips the test where that is impossible.
  public static ScratchNamespace create() {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/net")), "needs Linux");
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    assumeTrue(onPath("ip") && onPath("nft"), "needs ip and nft");
    String name = "rf-nl-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    command("ip", "netns", "add", name);
    ScratchNamespace made = new ScratchNamespace(name);
    made.run("ip", "link", "set", "lo", "up");
    return made;
  }

  public String name() {
    return name;
  }

  public Path file() {
    return NetworkNamespace.named(name);
  }

  /// Runs a command in it; fails on another exit code than 0.
  ///
  /// @return what it printed, errors included
  public String run(String... command) {
    return feed("", command);
  }

  /// As [#run], with this on its standard input.
  public String feed(String input, String... command) {
    String[] all = new String[command.length + 4];
    System.arraycopy(command, 0, all, 4, command.length);
    all[0] = "ip";
    all[1] = "netns";
    all[2] = "exec";
    all[3] = name;
    return fed(input, all);
  }

  /// Runs several commands, one a line, words separated by blanks.
  public void runAll(String lines) {
    lines
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> run(line.split(" +")));
  }

  /// Runs the body on a platform thread of its own that is in the namespace.
  public <T> T inside(Callable<T> body) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          try (var _ = NetworkNamespace.enter(file())) {
            assertEquals(NetworkNamespace.inode(file()), NetworkNamespace.inodeOfCurrentThread());
            assertNotEquals(NetworkNamespace.mainInode(), NetworkNamespace.inodeOfCurrentThread());
            return body.call();
          }
        });
    Thread.ofPlatform().name(name).start(task);
    try {
      return task.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      if (failed.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    command("ip", "netns", "delete", name);
  }

  private static boolean onPath(String program) {
    return List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String command(String... command) {
    return fed("", command);
  }

  private static String fed(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // Its exit code and its words tell why.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      assertEquals(0, code, () -> String.join(" ", command) + "\n" + output);
      return output;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
