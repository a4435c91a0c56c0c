package dev.ringfence.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// A byte there and the same byte back over UDP, one after the other: what a packet waits for.
final class UdpRoundTrips implements Load {
  private static final int PORT = 8080;

  private final DatagramChannel answering;
  private final DatagramChannel asking;

  UdpRoundTrips(Rig rig) {
    answering =
        rig.server()
            .call(() -> DatagramChannel.open().bind(new InetSocketAddress(Rig.SERVER, PORT)));
    asking =
        rig.client()
            .call(() -> DatagramChannel.open().connect(new InetSocketAddress(Rig.SERVER, PORT)));
    Thread.ofPlatform().daemon().name("answer").start(this::answer);
  }

  private void answer() {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    try {
      while (true) {
        var from = answering.receive(one.clear());
        answering.send(one.flip(), from);
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public long run(long millis) {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    long end = System.nanoTime() + millis * 1_000_000;
    long done = 0;
    try {
      while (System.nanoTime() < end) {
        asking.write(one.clear());
        asking.read(one.clear());
        done++;
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return done;
  }

  @Override
  public void close() {
    try {
      asking.close();
      answering.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
