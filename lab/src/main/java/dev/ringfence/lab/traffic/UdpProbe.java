package dev.ringfence.lab.traffic;

import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/// Datagrams of one probe, all from one port.
record UdpProbe(DatagramChannel channel, InetSocketAddress to, Packet packet) implements Attempt {
  private static final byte[] WORDS = "who are you?\n".getBytes(StandardCharsets.US_ASCII);

  static UdpProbe open(Probe probe) throws IOException {
    DatagramChannel channel = DatagramChannel.open(Sockets.family(probe.family()));
    try {
      channel.bind(Sockets.at(probe.fromAddress(), 0)).configureBlocking(false);
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      Packet packet =
          new Packet(Packet.UDP, probe.fromAddress(), port, probe.toAddress(), probe.port());
      return new UdpProbe(channel, Sockets.at(probe.toAddress(), probe.port()), packet);
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  @Override
  public boolean again() {
    return true;
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
