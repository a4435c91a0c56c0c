package dev.ringfence.e2e;

import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// A port of our own loopback, at the loopback of another network namespace: bytes are carried
/// over, no packet crosses.
final class LabRelay implements AutoCloseable {
  private static final int AT_ONCE = 1 << 14;

  private final InetSocketAddress server;
  private final ServerSocketChannel door;

  private LabRelay(InetSocketAddress server, ServerSocketChannel door) {
    this.server = server;
    this.door = door;
  }

  static LabRelay in(Space space, int port) throws Exception {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    LabRelay out =
        new LabRelay(server, space.inside(() -> ServerSocketChannel.open().bind(server)));
    Thread.ofVirtual().start(out::serve);
    return out;
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = door.accept();
        SocketChannel further = SocketChannel.open(server);
        Thread.ofVirtual().start(() -> carry(client, further));
        Thread.ofVirtual().start(() -> carry(further, client));
      }
    } catch (ClosedChannelException ended) {
      // By us.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void carry(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE);
    try (from;
        to) {
      while (from.read(bytes.clear()) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
      }
    } catch (IOException gone) {
      // One end has left; the other hears of it.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
