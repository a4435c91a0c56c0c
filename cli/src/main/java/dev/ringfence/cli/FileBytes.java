package dev.ringfence.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The bytes of one file: opened with the first read, closed at its end, never whole in memory.
final class FileBytes extends InputStream {
  private final Path file;
  private @Nullable InputStream open;
  private boolean over;

  FileBytes(Path file) {
    this.file = file;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /// @throws Failure if the file cannot be opened or read
  @Override
  public int read(byte[] out, int from, int length) {
    if (over) {
      return -1;
    }
    try {
      InputStream in = open == null ? Files.newInputStream(file) : open;
      open = in;
      int count = in.read(out, from, length);
      if (count < 0) {
        close();
      }
      return count;
    } catch (IOException e) {
      throw new Failure(file + ": cannot be read: " + Sources.why(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
