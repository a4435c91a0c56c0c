package dev.ringfence.lab.chaos;

import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.netns.PinnedThread;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.traffic.Packet;
import dev.ringfence.lab.traffic.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Sends from one namespace without a break: datagrams and connections from ever new ports, and
/// some that stay.
final class Sender implements AutoCloseable {
  /// Numbers of all marks of this process.
  private static final AtomicLong NUMBERS = new AtomicLong();

  /// Of a sender's streams so many are kept open all the time.
  private static final int STAYING = 6;

  /// How long a socket stays after its only packet.
  private static final long LIFE = Duration.ofMillis(400).toNanos();

  private final Streams streams;
  private final List<Integer> own;
  private final Ledger ledger;
  private final Duration pause;
  private final PinnedThread thread;
  private final Future<Boolean> work;
  private final Deque<Spent> spent = new ArrayDeque<>();
  private final List<Talk> talks = new ArrayList<>();
  private final Map<Integer, DatagramChannel> staying = new HashMap<>();
  private volatile boolean stop;

  /// A socket that has sent its packet.
  private record Spent(Channel channel, long at) {}

  /// Starts sending.
  ///
  /// @param own indices of the streams that begin here
  /// @param pause between two packets
  Sender(String namespace, Streams streams, List<Integer> own, Ledger ledger, Duration pause)
      throws Exception {
    this.streams = streams;
    this.own = List.copyOf(own);
    this.ledger = ledger;
    this.pause = pause;
    this.thread = PinnedThread.in(namespace);
    this.work = thread.submit(this::send);
  }

  private boolean send() throws Exception {
    try {
      own.stream()
          .filter(stream -> streams.get(stream).protocol() == Protocol.TCP)
          .limit(STAYING)
          .forEach(stream ->
              talks.add(new Talk(stream, streams.get(stream), ledger, NUMBERS::incrementAndGet)));
      for (int i = 0; !stop && !own.isEmpty(); i++) {
        send(own.get(i % own.size()), i);
        for (Talk talk : talks) {
          talk.step();
        }
        closeSpent(System.nanoTime() - LIFE);
        Thread.sleep(pause);
      }
      return true;
    } finally {
      closeSpent(System.nanoTime());
      talks.forEach(Talk::close);
      staying.values().forEach(Sockets::closeQuietly);
    }
  }

  private void send(int stream, int round) throws IOException {
    Probe probe = streams.get(stream);
    if (probe.protocol() == Protocol.TCP) {
      connect(stream, probe);
      return;
    }
    DatagramChannel kept = staying.get(stream);
    if (kept != null && round / own.size() % 2 == 0) {
      say(stream, probe, kept, "UDP, from the same port all the time");
      return;
    }
    DatagramChannel fresh = DatagramChannel.open(Sockets.family(probe.family()));
    if (kept == null && staying.size() < STAYING) {
      staying.put(stream, fresh);
    } else {
      spent.add(new Spent(fresh, System.nanoTime()));
    }
    fresh.bind(Sockets.at(probe.fromAddress(), 0)).configureBlocking(false);
    say(stream, probe, fresh, "UDP, from a new port");
  }

  private void say(int stream, Probe probe, DatagramChannel channel, String what)
      throws IOException {
    Mark mark = new Mark(stream, NUMBERS.incrementAndGet());
    Packet packet = packet(Packet.UDP, probe, channel);
    ledger.sending(packet, stream, mark.number(), what);
    try {
      channel.send(mark.bytes(), Sockets.at(probe.toAddress(), probe.port()));
    } catch (IOException refused) {
      ledger.unsent(packet, mark.number());
    }
  }

  private void connect(int stream, Probe probe) throws IOException {
    SocketChannel channel = SocketChannel.open(Sockets.family(probe.family()));
    spent.add(new Spent(channel, System.nanoTime()));
    channel.setOption(StandardSocketOptions.SO_LINGER, 0); // ends by reset: nothing stays behind
    channel.bind(Sockets.at(probe.fromAddress(), 0)).configureBlocking(false);
    Packet packet = packet(Packet.TCP, probe, channel);
    if (ledger.sending(packet, stream, 0, "TCP, the first of a connection")) {
      try {
        channel.connect(Sockets.at(probe.toAddress(), probe.port()));
      } catch (IOException refused) {
        ledger.unsent(packet, 0);
      }
    }
  }

  private static Packet packet(int protocol, Probe probe, NetworkChannel channel)
      throws IOException {
    int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    return new Packet(protocol, probe.fromAddress(), port, probe.toAddress(), probe.port());
  }

  private void closeSpent(long before) {
    while (!spent.isEmpty() && spent.getFirst().at - before <= 0) {
      Sockets.closeQuietly(spent.removeFirst().channel);
    }
  }

  /// Ends sending.
  ///
  /// @throws IllegalStateException if it had ended by itself
  @Override
  public void close() {
    stop = true;
    try {
      PinnedThread.await(work);
    } catch (Exception failed) {
      throw new IllegalStateException("a sender failed", failed);
    } finally {
      thread.close();
    }
  }
}
