package dev.ringfence.lab.traffic;

import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/// Datagrams of one probe, all from one port; through a Service each from another, since a node may
/// have had to translate the first.
record UdpProbe(DatagramChannel channel, InetSocketAddress to, Packet packet, boolean again)
    implements Attempt {
  private static final byte[] WORDS = "who are you?\n".getBytes(StandardCharsets.US_ASCII);

  static UdpProbe open(Probe probe) throws IOException {
    DatagramChannel channel = DatagramChannel.open(Sockets.family(probe.family()));
    try {
      SourcePorts.bind(probe, port -> channel.bind(Sockets.at(probe.fromAddress(), port)));
      channel.configureBlocking(false);
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      Packet packet = Packet.of(Packet.UDP, probe, port);
      return new UdpProbe(
          channel, Sockets.at(probe.dialled(), probe.dialledPort()), packet, probe.via().isEmpty());
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  @Override
  public void send() throws IOException {
    channel.send(ByteBuffer.wrap(WORDS), to);
  }

  @Override
  public void close() {
    Sockets.closeQuietly(channel);
  }
}
