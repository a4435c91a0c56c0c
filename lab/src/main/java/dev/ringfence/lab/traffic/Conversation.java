package dev.ringfence.lab.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/// One TCP client of a listener: an HTTP request gets an HTTP answer and the connection ends; any
/// other bytes get the name and a newline each time; a client that says nothing is told the name.
final class Conversation {
  static final Duration PATIENCE = Duration.ofMillis(200);

  private static final Pattern HTTP = Pattern.compile("(?s)[A-Z]{3,7} [^ ]+ HTTP/1\\..*");

  private final SocketChannel client;
  private final String name;
  private final long greetAt = System.nanoTime() + PATIENCE.toNanos();
  private boolean spoken;

  Conversation(SocketChannel client, String name) {
    this.client = client;
    this.name = name;
  }

  boolean due() {
    return spoken || System.nanoTime() - greetAt >= 0;
  }

  void greet() {
    try {
      if (!spoken && client.isConnected()) {
        say(name + "\n");
      }
    } catch (IOException reset) {
      Sockets.closeQuietly(client);
    }
  }

  void read() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    int length = client.read(buffer);
    if (length < 0) {
      client.close();
      return;
    }
    String text = new String(buffer.array(), 0, length, StandardCharsets.ISO_8859_1);
    if (!spoken && HTTP.matcher(text).matches()) {
      say(http());
      client.shutdownOutput();
    } else {
      say(name + "\n");
    }
  }

  private String http() {
    String body = name + "\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
        + body.length()
        + "\r\nConnection: close\r\n\r\n"
        + body;
  }

  private void say(String text) throws IOException {
    spoken = true;
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    client.write(bytes);
    if (bytes.hasRemaining()) {
      client.close(); // it never reads
    }
  }
}
