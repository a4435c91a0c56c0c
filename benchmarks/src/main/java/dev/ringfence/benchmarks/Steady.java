package dev.ringfence.benchmarks;

import dev.ringfence.lab.netns.Inside;
import dev.ringfence.nftables.linux.NetworkNamespace;
import dev.ringfence.report.LabStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// UDP packets from one pod of a lab to another, one a millisecond, each with its number.
final class Steady implements AutoCloseable {
  static final long GAP_NANOS = 1_000_000;

  private static final int PORT = 5_999;
  private static final int MOST = 1 << 20;

  /// A packet that is this long under way has been denied.
  private static final long LATE_NANOS = 50_000_000;

  private final DatagramChannel from;
  private final DatagramChannel to;
  private final InetSocketAddress target;
  private final AtomicLongArray sent = new AtomicLongArray(MOST);
  private final AtomicIntegerArray arrived = new AtomicIntegerArray(MOST);
  private volatile int next;

  private Steady(DatagramChannel from, DatagramChannel to, InetSocketAddress target) {
    this.from = from;
    this.to = to;
    this.target = target;
  }

  static Steady between(LabStatus.EndStatus client, LabStatus.EndStatus server) throws Exception {
    InetSocketAddress target = new InetSocketAddress(server.addresses().getFirst(), PORT);
    Steady out =
        new Steady(
            Inside.call(client.namespace(), Steady::socket),
            Inside.call(server.namespace(), () -> socket().bind(target)),
            target);
    Thread.ofPlatform().daemon().start(out::hear);
    Thread.ofPlatform().daemon().start(out::send);
    return out;
  }

  private static DatagramChannel socket() throws IOException {
    NetworkNamespace.requireNotMain();
    return DatagramChannel.open(StandardProtocolFamily.INET)
        .setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
  }

  private void send() {
    ByteBuffer number = ByteBuffer.allocate(4);
    long at = System.nanoTime();
    try {
      for (int i = 0; i < MOST; i++) {
        sent.set(i, System.nanoTime());
        from.send(number.clear().putInt(i).flip(), target);
        next = i + 1;
        at = Math.max(at + GAP_NANOS, System.nanoTime());
        LockSupport.parkNanos(at - System.nanoTime());
      }
    } catch (ClosedChannelException ended) {
      // By us.
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void hear() {
    ByteBuffer number = ByteBuffer.allocate(4);
    try {
      while (true) {
        to.receive(number.clear());
        arrived.set(number.flip().getInt(), 1);
      }
    } catch (AsynchronousCloseException ended) {
      // By us.
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// Waits until packets arrive without a break.
  void awaitPassing() throws InterruptedException {
    int since = next;
    while (next < since + 20) {
      Thread.sleep(1);
      int last = next - 2; // the newest may be under way
      if (last > since && arrived.get(last) == 0) {
        since = last + 1;
      }
    }
  }

  /// When the first packet that did not arrive was sent, and no later one arrived either.
  ///
  /// @param after packets sent before that do not count
  /// @throws IllegalStateException if one arrived that was sent after it
  long firstLost(long after) throws InterruptedException {
    int last = next;
    while (next == last || System.nanoTime() < sent.get(last) + LATE_NANOS) {
      Thread.sleep(1);
    }
    int first = last;
    while (first > 0 && sent.get(first - 1) > after) {
      first--;
    }
    while (first < last && arrived.get(first) == 1) {
      first++;
    }
    for (int i = first; i < next; i++) {
      if (arrived.get(i) == 1) {
        throw new IllegalStateException("packet " + i + " arrived, and " + first + " did not");
      }
    }
    return sent.get(first);
  }

  @Override
  public void close() throws IOException {
    from.close();
    to.close();
  }
}
