package dev.ringfence.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The load: one connection after the other, a byte there and a byte back, closed by the client.
final class ConnectRequestClose implements Load {
  private static final int PORT = 8080;

  private final Rig rig;
  private final ServerSocketChannel listening;

  ConnectRequestClose(Rig rig) {
    this.rig = rig;
    listening =
        rig.server()
            .call(() -> {
              ServerSocketChannel channel = ServerSocketChannel.open();
              channel.bind(new InetSocketAddress(Rig.SERVER, PORT), 1024);
              return channel;
            });
    Thread.ofPlatform().daemon().name("serve").start(this::serve);
  }

  private void serve() {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    while (listening.isOpen()) {
      try (SocketChannel accepted = listening.accept()) {
        accepted.read(one.clear());
        accepted.write(one.flip());
        accepted.read(one.clear());
      } catch (IOException closed) {
        return;
      }
    }
  }

  /// Connections made in so many milliseconds; the clock starts with the first.
  @Override
  public long run(long millis) {
    return rig.client()
        .call(() -> {
          InetSocketAddress server = new InetSocketAddress(Rig.SERVER, PORT);
          ByteBuffer one = ByteBuffer.allocateDirect(1);
          long end = System.nanoTime() + millis * 1_000_000;
          long done = 0;
          while (System.nanoTime() < end) {
            try (SocketChannel channel = SocketChannel.open(server)) {
              channel.write(one.clear());
              channel.read(one.clear());
            }
            done++;
          }
          return done;
        });
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
