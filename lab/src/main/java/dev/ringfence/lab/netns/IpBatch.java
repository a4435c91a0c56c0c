package dev.ringfence.lab.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Lines for `ip -batch`, all for one network namespace, run as one process.
final class IpBatch {
  private final List<String> command;
  private final List<String> lines = new ArrayList<>();

  private IpBatch(List<String> command) {
    this.command = command;
  }

  /// Lines that make and delete namespaces; they touch nothing inside the main one.
  static IpBatch ofNamespaces() {
    return new IpBatch(List.of("ip", "-batch", "-"));
  }

  static IpBatch inside(String namespace) {
    return new IpBatch(List.of("ip", "-n", namespace, "-batch", "-"));
  }

  IpBatch add(String line) {
    lines.add(line);
    return this;
  }

  /// Runs all lines; stops at the first that fails.
  ///
  /// @throws IOException with the line and what `ip` said of it
  void run() throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // It ended early and its words, read below, say why.
    }
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said + blamed(said));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ip was at work", interrupted);
    }
  }

  /// The line that `Command failed -:7` means.
  private String blamed(String said) {
    var found = java.util.regex.Pattern.compile("Command failed -:([0-9]+)").matcher(said);
    if (!found.find()) {
      return "";
    }
    int number = Integer.parseInt(found.group(1));
    return number <= lines.size() ? " (" + lines.get(number - 1) + ")" : "";
  }
}
