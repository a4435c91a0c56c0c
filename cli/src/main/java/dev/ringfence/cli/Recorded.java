package dev.ringfence.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that can be read but once, and keeps its beginning for those who quote it later.
final class Recorded extends InputStream {
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final InputStream in;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  Recorded(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] out, int from, int length) throws IOException {
    int count = in.read(out, from, length);
    if (count > 0 && kept.size() < MOST_BYTES) {
      kept.write(out, from, count);
    }
    return count;
  }

  /// What was read so far, of a very long text its beginning.
  InputStream again() {
    return new ByteArrayInputStream(kept.toByteArray());
  }
}
