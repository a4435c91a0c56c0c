package dev.ringfence.lab.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

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

  /// Lines for `bridge`, which knows what bridges know.
  static IpBatch onBridge(String namespace) {
    return new IpBatch(List.of("bridge", "-n", namespace, "-batch", "-"));
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
    String said = said(command);
    if (!said.isEmpty()) {
      throw new IOException(String.join(" ", command) + ": " + said + blamed(said));
    }
  }

  /// Runs all lines whatever becomes of them; for what may be gone already.
  void runAll() throws IOException {
    if (!lines.isEmpty()) {
      List<String> forced = new ArrayList<>(command);
      forced.add(1, "-force");
      said(forced);
    }
  }

  /// What `ip` said; nothing if all went well.
  private String said(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // It ended early and its words, read below, say why.
    }
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      int code = process.waitFor();
      return code == 0 ? "" : said.isEmpty() ? "exit code " + code : said;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ip was at work", interrupted);
    }
  }

  /// The line that `Command failed -:7` means.
  private String blamed(String said) {
    var found = Pattern.compile("Command failed -:([0-9]+)").matcher(said);
    if (!found.find()) {
      return "";
    }
    int number = Integer.parseInt(found.group(1));
    return number <= lines.size() ? " (" + lines.get(number - 1) + ")" : "";
  }
}
