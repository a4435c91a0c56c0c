package dev.ringfence.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// Datagrams of 100 bytes, as fast as one thread sends them; those that arrive count.
///
/// On veth the sender's own thread carries a packet through the node's tables, so what a packet
/// costs there is missing from what is sent.
final class UdpPackets implements Load {
  private static final int PORT = 8080;
  private static final int SIZE = 100;

  private final DatagramChannel receiving;
  private final DatagramChannel sending;
  private volatile long arrived;

  UdpPackets(Rig rig) {
    receiving =
        rig.server()
            .call(() -> DatagramChannel.open().bind(new InetSocketAddress(Rig.SERVER, PORT)));
    sending =
        rig.client()
            .call(() -> DatagramChannel.open().connect(new InetSocketAddress(Rig.SERVER, PORT)));
    Thread.ofPlatform().daemon().name("receive").start(this::receive);
  }

  private void receive() {
    ByteBuffer packet = ByteBuffer.allocateDirect(SIZE);
    long count = 0;
    try {
      while (true) {
        receiving.receive(packet.clear());
        arrived = ++count;
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public long run(long millis) {
    ByteBuffer packet = ByteBuffer.allocateDirect(SIZE);
    long before = arrived;
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      while (System.nanoTime() < end) {
        sending.write(packet.clear());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return arrived - before;
  }

  @Override
  public void close() {
    try {
      sending.close();
      receiving.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
