package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Numbered packets from one pod to another, several each millisecond, until it is closed.
final class Stream implements AutoCloseable {
  private static final int PATIENCE = 150;

  private final DatagramSocket from;
  private final DatagramSocket to;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger sent = new AtomicInteger();
  private final Set<Integer> arrived = new HashSet<>();
  private final Thread sender;
  private final Thread receiver;

  /// @param port the receiver's own
  Stream(TestPod from, TestPod to, Address at, int port) throws Exception {
    this.from = from.udp(port + 1);
    this.to = to.udp(port);
    this.to.setReceiveBufferSize(1 << 22);
    this.to.setSoTimeout(PATIENCE);
    InetAddress target = InetAddress.getByAddress(at.bytes());
    receiver = Thread.ofPlatform().start(this::receive);
    sender = Thread.ofPlatform().start(() -> send(target, port));
  }

  private void send(InetAddress target, int port) {
    try {
      while (!stop.get()) {
        byte[] number = ByteBuffer.allocate(4).putInt(sent.getAndIncrement()).array();
        from.send(new DatagramPacket(number, number.length, target, port));
        Thread.sleep(0, 200_000);
      }
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[4], 4);
    while (true) {
      try {
        to.receive(packet);
        arrived.add(ByteBuffer.wrap(packet.getData()).getInt());
      } catch (SocketTimeoutException silence) {
        if (stop.get()) {
          return;
        }
      } catch (IOException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  int sent() {
    return sent.get();
  }

  /// Waits until so many more are sent.
  void awaitMore(int packets) throws InterruptedException {
    int until = sent() + packets;
    while (sent() < until) {
      Thread.sleep(1);
    }
  }

  /// How many of those sent came; to be asked once it is closed.
  int arrived() {
    return arrived.size();
  }

  /// As [#arrived], of those from this number on.
  int arrivedFrom(int number) {
    return (int) arrived.stream().filter(one -> one >= number).count();
  }

  @Override
  public void close() {
    stop.set(true);
    try {
      sender.join();
      receiver.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    from.close();
    to.close();
  }
}
