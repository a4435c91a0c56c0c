package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ringfence.core.model.Address;
import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One TCP connection between two namespaces that stays open; the kernels at both ends repeat what
/// is not acknowledged.
final class TcpTalk implements Talk {
  /// The kernel repeats after 0.2, 0.6, 1.4, 3 and 6.2 seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration LONG_ENOUGH = Duration.ofMillis(450);

  private final SocketChannel client;
  private final SocketChannel server;

  private TcpTalk(SocketChannel client, SocketChannel server) throws IOException {
    this.client = client;
    this.server = server;
    client.configureBlocking(false);
    server.configureBlocking(false);
  }

  /// Opens it; the way must be free both ways.
  static TcpTalk open(Space from, Space to, Address address, int port) throws Exception {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
    try (ServerSocketChannel door = to.inside(() -> ServerSocketChannel.open().bind(at))) {
      SocketChannel client = from.inside(() -> SocketChannel.open(at));
      return new TcpTalk(client, door.accept());
    }
  }

  /// Of the client's end.
  int clientPort() throws IOException {
    return ((InetSocketAddress) client.getLocalAddress()).getPort();
  }

  @Override
  public void clientSays(String words) throws IOException {
    say(client, words);
  }

  @Override
  public void serverSays(String words) throws IOException {
    say(server, words);
  }

  @Override
  public String clientHears() throws Exception {
    return hear(client);
  }

  @Override
  public String serverHears() throws Exception {
    return hear(server);
  }

  @Override
  public void clientHearsNothing() throws Exception {
    assertEquals("", hear(client, LONG_ENOUGH), "the client hears");
  }

  @Override
  public void serverHearsNothing() throws Exception {
    assertEquals("", hear(server, LONG_ENOUGH), "the server hears");
  }

  private static void say(SocketChannel channel, String words) throws IOException {
    channel.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)));
  }

  private static String hear(SocketChannel channel) throws Exception {
    String heard = hear(channel, PATIENCE);
    return heard.isEmpty() ? fail("nothing was heard for " + PATIENCE) : heard;
  }

  private static String hear(SocketChannel channel, Duration atMost) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(1024);
    long end = System.nanoTime() + atMost.toNanos();
    while (channel.read(buffer) == 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
