package dev.ringfence.kubernetes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Ends streams that have been silent for too long: a server that is gone without a word would be
/// listened to forever.
///
/// A server sends a bookmark each minute or so; one that does not only costs a new watch from where
/// the last one was.
final class Silence implements AutoCloseable {
  private final Duration longest;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watch-silence").factory());

  Silence(Duration longest) {
    this.longest = longest;
  }

  /// A stream that is closed once nothing has come for so long.
  Watched over(InputStream in) {
    return new Watched(in);
  }

  final class Watched implements AutoCloseable {
    private final Heard heard;
    private final ScheduledFuture<?> look;

    private Watched(InputStream in) {
      this.heard = new Heard(in);
      long every = Math.max(1, longest.toMillis() / 4);
      this.look = clock.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    InputStream stream() {
      return heard;
    }

    private void look() {
      if (System.nanoTime() - heard.last > longest.toNanos()) {
        heard.end();
      }
    }

    @Override
    public void close() {
      look.cancel(false);
    }
  }

  private static final class Heard extends FilterInputStream {
    private volatile long last = System.nanoTime();
    private volatile boolean ended;

    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      heard();
      return one;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      int count = super.read(into, at, length);
      heard();
      return count;
    }

    private void heard() throws IOException {
      if (ended) {
        throw new IOException("the watch was silent for too long");
      }
      last = System.nanoTime();
    }

    private void end() {
      ended = true;
      try {
        in.close();
      } catch (IOException _) {
        // It is of no use any more.
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
