package dev.ringfence.agent.socket;

import dev.ringfence.report.Json;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// JSON lines over a Unix socket, from either side.
public final class JsonLines implements Closeable {
  private final SocketChannel channel;
  private final BufferedReader in;

  public JsonLines(SocketChannel channel) {
    this.channel = channel;
    this.in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
  }

  /// Connects.
  ///
  /// @throws IOException if nobody listens there
  public static JsonLines to(Path socket) throws IOException {
    return new JsonLines(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /// Sends one line, whole.
  ///
  /// @param line without its newline
  public void send(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    synchronized (channel) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /// Waits for a line.
  ///
  /// @throws IOException if the other side has gone, or says something else
  public <T> T receive(Class<T> kind) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new Gone();
    }
    try {
      return Json.read(line, kind);
    } catch (Json.Unreadable unreadable) {
      throw new IOException(unreadable);
    }
  }

  /// Blocks until the other side closes.
  public void awaitEnd() throws IOException {
    while (in.readLine() != null) {}
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// The other side has ended.
  public static final class Gone extends IOException {
    private static final long serialVersionUID = 1;

    Gone() {
      super("the other side has ended");
    }
  }
}
