package dev.ringfence.lab.traffic;

import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/// One attempt to connect, from a port of its own.
record TcpProbe(SocketChannel channel, InetSocketAddress to, Packet packet) implements Attempt {
  static TcpProbe open(Probe probe) throws IOException {
    SocketChannel channel = SocketChannel.open(Sockets.family(probe.family()));
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0); // ends by reset: nothing stays behind
      SourcePorts.bind(probe, port -> channel.bind(Sockets.at(probe.fromAddress(), port)));
      channel.configureBlocking(false);
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      Packet packet = Packet.of(Packet.TCP, probe, port);
      return new TcpProbe(channel, Sockets.at(probe.dialled(), probe.dialledPort()), packet);
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  /// A socket connects once; the kernel's own repetition comes too late for us.
  @Override
  public boolean again() {
    return false;
  }

  @Override
  public void send() throws IOException {
    channel.connect(to);
  }

  @Override
  public void close() {
    Sockets.closeQuietly(channel);
  }
}
