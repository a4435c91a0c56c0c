package dev.ringfence.e2e.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs a program to its end.
public final class Command {
  private Command() {}

  /// Feeds it this text and answers what it printed, errors included.
  ///
  /// @throws IllegalStateException with what it printed, if it exits with anything but 0
  public static String run(String input, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // Its exit code and its words tell why.
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + code + "\n" + said);
      }
      return said;
    } catch (IOException failed) {
      throw new IllegalStateException(String.join(" ", command), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
