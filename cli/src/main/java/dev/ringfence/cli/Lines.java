package dev.ringfence.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// A text by its lines, of which most are skipped. A line ends as the manifest reader has it: with
/// `\n`, `\r` or both.
final class Lines {
  private static final int LONGEST_CHARACTER = 4;

  private final InputStream in;
  private final byte[] bytes = new byte[64 * 1024];
  private int at;
  private int end;
  private int line = 1;

  Lines(InputStream in) {
    this.in = in;
  }

  /// To the start of the line of this number, counting from 1, or to the end of the text.
  void skipTo(int number) throws IOException {
    while (line < number && fill()) {
      if (endsLine(bytes[at++])) {
        line++;
      }
    }
  }

  /// What is left of the line, without its end, or its first characters.
  int[] rest(int most) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (out.size() < most * LONGEST_CHARACTER && fill() && !isBreak(bytes[at])) {
      out.write(bytes[at++]);
    }
    return out.toString(StandardCharsets.UTF_8).codePoints().limit(most).toArray();
  }

  private boolean endsLine(byte one) throws IOException {
    return one == '\n' || (one == '\r' && !(fill() && bytes[at] == '\n'));
  }

  private static boolean isBreak(byte one) {
    return one == '\n' || one == '\r';
  }

  /// Whether there is a byte at `at`.
  private boolean fill() throws IOException {
    if (at < end) {
      return true;
    }
    end = in.read(bytes, 0, bytes.length);
    at = 0;
    return end > 0;
  }
}
