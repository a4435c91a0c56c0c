package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.scenario.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Listeners on every port of every end, TCP and UDP; each answers with its end's name.
///
/// Sockets are opened inside the namespaces and served by one thread outside.
public final class Listeners implements AutoCloseable {
  private static final int WAITING_CLIENTS = 1024;

  private final Selector selector;
  private final Thread thread;
  private final Map<String, Opened> byEnd = new HashMap<>();
  private final AtomicLong rounds = new AtomicLong();
  private final Deque<Conversation> silent = new ArrayDeque<>();

  /// Starts the serving thread, in the namespace of the calling thread.
  public Listeners() throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().name("listeners").daemon().start(this::serve);
  }

  /// Opens the listeners of one end, in place of those it had; nothing happens if they are the
  /// same.
  ///
  /// @throws Exception if a port cannot be had; none of the end's listeners is open then
  public void open(End end, String namespace, Collection<Integer> ports) throws Exception {
    Set<Integer> wanted = Set.copyOf(ports);
    Opened before = byEnd.get(end.id());
    if (before != null && before.ports.equals(wanted)) {
      return;
    }
    close(end);
    byEnd.put(end.id(), new Opened(wanted, Inside.call(namespace, () -> opened(end, ports))));
    selector.wakeup();
  }

  /// The listeners of one end.
  private record Opened(Set<Integer> ports, List<SelectableChannel> channels) {}

  private List<SelectableChannel> opened(End end, Collection<Integer> ports) throws IOException {
    List<SelectableChannel> out = new ArrayList<>();
    try {
      for (Address address : end.addresses()) {
        for (int port : ports) {
          InetSocketAddress at = Sockets.at(address, port);
          out.add(tcp(address.family(), at, end));
          out.add(udp(address.family(), at, end));
        }
      }
      return out;
    } catch (IOException failed) {
      for (SelectableChannel channel : out) {
        channel.close();
      }
      throw failed;
    }
  }

  private SelectableChannel tcp(Family family, InetSocketAddress at, End end) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(Sockets.family(family));
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.bind(at, WAITING_CLIENTS).configureBlocking(false);
    channel.register(selector, SelectionKey.OP_ACCEPT, new Serving.Door(Sockets.nameOf(end)));
    return channel;
  }

  private SelectableChannel udp(Family family, InetSocketAddress at, End end) throws IOException {
    DatagramChannel channel = DatagramChannel.open(Sockets.family(family));
    channel.bind(at).configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Serving.Letters(Sockets.nameOf(end)));
    return channel;
  }

  /// Closes the listeners of one end.
  public void close(End end) {
    Opened open = byEnd.remove(end.id());
    if (open != null) {
      closeAll(open.channels);
      awaitRound();
    }
  }

  /// A closed socket keeps its port until the serving thread has looked at it once more.
  private void awaitRound() {
    long seen = rounds.get();
    try {
      while (rounds.get() < seen + 2 && selector.isOpen()) {
        selector.wakeup();
        Thread.sleep(1);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(Collection<SelectableChannel> channels) {
    try {
      for (SelectableChannel channel : channels) {
        channel.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready, Conversation.PATIENCE.toMillis());
        greetSilent();
        rounds.incrementAndGet();
      }
    } catch (java.nio.channels.ClosedSelectorException ended) {
      // The way this thread ends.
    } catch (IOException failed) {
      throw new UncheckedIOException("listeners", failed);
    }
  }

  private void ready(SelectionKey key) {
    try {
      switch ((Serving) key.attachment()) {
        case Serving.Door(var name) -> admit((ServerSocketChannel) key.channel(), name);
        case Serving.Letters letters -> letters.answer((DatagramChannel) key.channel());
        case Serving.Talk(var conversation) -> conversation.read();
      }
    } catch (IOException | java.nio.channels.CancelledKeyException broken) {
      // This one conversation is over: reset by the client, or its listener was closed.
      key.cancel();
      if (key.channel() instanceof SocketChannel client) {
        Sockets.closeQuietly(client);
      }
    }
  }

  private void admit(ServerSocketChannel door, String name) throws IOException {
    SocketChannel client;
    while ((client = door.accept()) != null) {
      client.configureBlocking(false);
      Conversation conversation = new Conversation(client, name);
      client.register(selector, SelectionKey.OP_READ, new Serving.Talk(conversation));
      silent.add(conversation);
    }
  }

  private void greetSilent() {
    while (!silent.isEmpty() && silent.getFirst().due()) {
      silent.removeFirst().greet();
    }
  }

  @Override
  public void close() throws IOException {
    List<SelectableChannel> all = new ArrayList<>();
    selector.keys().forEach(key -> all.add(key.channel()));
    selector.close();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    closeAll(all);
    byEnd.clear();
  }
}
