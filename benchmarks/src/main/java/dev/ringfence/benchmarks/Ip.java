package dev.ringfence.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the commands that set up a measurement; nothing measured goes through here.
final class Ip {
  private Ip() {}

  /// `ip -n NAMESPACE -batch -` with these lines.
  static void batch(String namespace, String... lines) {
    run(String.join("\n", lines) + "\n", "ip", "-n", namespace, "-batch", "-");
  }

  /// Runs a command inside a namespace, `input` on its standard input.
  static void inside(String namespace, String input, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(List.of(command));
    run(input, all.toArray(String[]::new));
  }

  /// Runs a command to its end; throws with its words if it fails.
  static void run(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new IllegalStateException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
