package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ringfence.core.model.Address;
import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Datagrams between one socket here and one there; nothing is repeated.
final class UdpTalk implements Talk {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

  private final DatagramChannel client;
  private final DatagramChannel server;
  private final InetSocketAddress at;
  private @Nullable SocketAddress lastFrom;

  private UdpTalk(DatagramChannel client, DatagramChannel server, InetSocketAddress at)
      throws IOException {
    this.client = client;
    this.server = server;
    this.at = at;
    client.configureBlocking(false);
    server.configureBlocking(false);
  }

  static UdpTalk open(Space from, Space to, Address address, int port) throws Exception {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
    DatagramChannel server = to.inside(() -> DatagramChannel.open().bind(at));
    return new UdpTalk(from.inside(DatagramChannel::open), server, at);
  }

  @Override
  public void clientSays(String words) throws IOException {
    client.send(bytes(words), at);
  }

  /// To whom it heard last.
  @Override
  public void serverSays(String words) throws IOException {
    SocketAddress to = lastFrom;
    if (to == null) {
      fail("the server has heard nobody yet");
    } else {
      server.send(bytes(words), to);
    }
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

  private static ByteBuffer bytes(String words) {
    return ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
  }

  private String hear(DatagramChannel channel) throws Exception {
    String heard = hear(channel, PATIENCE);
    return heard.isEmpty() ? fail("nothing was heard for " + PATIENCE) : heard;
  }

  private String hear(DatagramChannel channel, Duration atMost) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(1024);
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      SocketAddress from = channel.receive(buffer);
      if (from != null) {
        lastFrom = channel.equals(server) ? from : lastFrom;
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
      }
      if (System.nanoTime() >= end) {
        return "";
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
