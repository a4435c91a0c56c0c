package dev.ringfence.lab.chaos;

import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.traffic.Sockets;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A TCP connection that stays: one message at a time, each answered. It is opened anew once it was
/// denied for long, or cut. Everything happens on the thread of its sender.
final class Talk implements AutoCloseable {
  static final String WHAT = "TCP, in a long connection";

  private static final long TO_CONNECT = Duration.ofMillis(700).toNanos();
  private static final long TO_ANSWER = Duration.ofSeconds(3).toNanos();
  private static final long BETWEEN_MESSAGES = Duration.ofMillis(40).toNanos();

  private final int stream;
  private final Probe probe;
  private final Ledger ledger;
  private final LongSupplier numbers;
  private final ByteBuffer answer = ByteBuffer.allocate(512);
  private @Nullable SocketChannel channel;
  private long openedAt;
  private boolean connected;
  private long saidAt;
  private boolean waiting;

  Talk(int stream, Probe probe, Ledger ledger, LongSupplier numbers) {
    this.stream = stream;
    this.probe = probe;
    this.ledger = ledger;
    this.numbers = numbers;
  }

  /// Does what is due.
  void step() throws IOException {
    SocketChannel open = channel;
    if (open == null) {
      channel = open();
      return;
    }
    try {
      if (connected) {
        converse(open);
      } else if (open.finishConnect()) {
        connected = true;
        openedAt = System.nanoTime();
      } else if (System.nanoTime() - openedAt > TO_CONNECT) {
        close();
      }
    } catch (IOException cut) {
      if (connected) {
        ledger.silent(stream, openedAt, WHAT + ", which was cut: " + cut.getMessage());
      }
      close();
    }
  }

  private SocketChannel open() throws IOException {
    openedAt = System.nanoTime();
    connected = false;
    waiting = false;
    SocketChannel fresh = SocketChannel.open(Sockets.family(probe.family()));
    try {
      fresh.setOption(StandardSocketOptions.SO_LINGER, 0); // ends by reset: nothing stays behind
      fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
      fresh.bind(Sockets.at(probe.fromAddress(), 0));
      fresh.configureBlocking(false);
      fresh.connect(Sockets.at(probe.toAddress(), probe.port()));
      return fresh;
    } catch (IOException refused) {
      fresh.close();
      throw refused;
    }
  }

  private void converse(SocketChannel open) throws IOException {
    long now = System.nanoTime();
    answer.clear();
    int read = open.read(answer);
    if (read < 0) {
      throw new IOException("the other end closed it");
    }
    waiting &= read == 0;
    if (!waiting && now - saidAt > BETWEEN_MESSAGES) {
      waiting = true;
      saidAt = now;
      ledger.counted();
      open.write(new Mark(stream, numbers.getAsLong()).bytes());
    } else if (waiting && now - saidAt > TO_ANSWER) {
      ledger.silent(stream, saidAt, WHAT + ", without an answer for 3 s");
      close();
    }
  }

  @Override
  public void close() {
    SocketChannel open = channel;
    if (open != null) {
      Sockets.closeQuietly(open);
    }
    channel = null;
  }
}
