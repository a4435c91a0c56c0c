package dev.ringfence.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// One long TCP connection, filled as fast as it takes it; counts KiB that arrived.
///
/// On veth a packet of it is up to 64 KiB, so tables are asked seldom, as with offloads of a real
/// network card.
final class BulkStream implements Load {
  private static final int PORT = 8080;
  private static final int CHUNK = 1 << 18;

  private final SocketChannel filling;
  private final SocketChannel emptying;
  private volatile long arrived;

  BulkStream(Rig rig) {
    ServerSocketChannel listening =
        rig.server()
            .call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(Rig.SERVER, PORT)));
    try (listening) {
      filling =
          rig.client().call(() -> SocketChannel.open(new InetSocketAddress(Rig.SERVER, PORT)));
      emptying = listening.accept();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.ofPlatform().daemon().name("empty").start(this::empty);
  }

  private void empty() {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long count = 0;
    try {
      for (int read = 0; read >= 0; read = emptying.read(chunk.clear())) {
        count += read;
        arrived = count;
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public long run(long millis) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long before = arrived;
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      while (System.nanoTime() < end) {
        filling.write(chunk.clear());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return (arrived - before) >> 10;
  }

  @Override
  public void close() {
    try {
      filling.close();
      emptying.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
