package dev.ringfence.lab.traffic;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/// What a channel of the listeners is for.
sealed interface Serving {
  /// A listening TCP socket.
  record Door(String name) implements Serving {}

  /// A UDP socket: every datagram is answered.
  record Letters(String name) implements Serving {
    void answer(DatagramChannel channel) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(2048);
      SocketAddress from;
      while ((from = channel.receive(buffer)) != null) {
        channel.send(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.UTF_8)), from);
        buffer.clear();
      }
    }
  }

  /// An open TCP connection.
  record Talk(Conversation with) implements Serving {}
}
