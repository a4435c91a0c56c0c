package dev.ringfence.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Where a command reads and prints: results to `out`, everything else to `err`.
///
/// @param terminal whether a person watches `out` and `err`
/// @param width columns of that terminal
/// @param unicode whether `out` can print more than ASCII
record Console(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean terminal,
    int width,
    Paint paint,
    boolean unicode) {
  private static final int USUAL_WIDTH = 80;

  /// The process's own streams.
  static Console ofProcess() {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    Map<String, String> env = System.getenv();
    Charset charset = charset("stdout.encoding");
    boolean colours =
        terminal && env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
    return new Console(
        System.in,
        writer(System.out, charset),
        writer(System.err, charset("stderr.encoding")),
        terminal,
        terminal ? terminalWidth(env) : Integer.MAX_VALUE,
        colours ? Paint.ANSI : Paint.NONE,
        charset.newEncoder().canEncode('✓'));
  }

  /// Streams of a test or another program: nobody watches, text is UTF-8.
  static Console of(InputStream in, OutputStream out, OutputStream err) {
    return new Console(
        in,
        writer(out, StandardCharsets.UTF_8),
        writer(err, StandardCharsets.UTF_8),
        false,
        Integer.MAX_VALUE,
        Paint.NONE,
        true);
  }

  /// One line for the person, never for a pipe.
  void note(String text) {
    err.println(text);
    err.flush();
  }

  private static PrintWriter writer(OutputStream stream, Charset charset) {
    return new PrintWriter(new OutputStreamWriter(stream, charset), false);
  }

  private static Charset charset(String property) {
    String name = System.getProperty(property);
    return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
  }

  private static int terminalWidth(Map<String, String> env) {
    String columns = env.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : askTerminal();
  }

  /// `stty size` says "rows columns" of its standard input.
  private static int askTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
      String[] parts = size.strip().split(" ", -1);
      return ended && parts.length == 2 && parts[1].matches("[1-9][0-9]{0,3}")
          ? Integer.parseInt(parts[1])
          : USUAL_WIDTH;
    } catch (IOException e) {
      return USUAL_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }
}
