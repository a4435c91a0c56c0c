package dev.ringfence.e2e;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends marked datagrams of both families without a break, each from another port, until closed.
final class Stream implements AutoCloseable {
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Map<Integer, Long> sent = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile @Nullable Exception failed;

  /// Starts sending.
  ///
  /// @param from whose routing takes them, and their source addresses
  /// @param to whose port gets them
  Stream(
      Space space,
      Function<Family, Address> from,
      Function<Family, Address> to,
      int port,
      Duration pause) {
    thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                space.inside(() -> {
                  try (Space.Postman postman = new Space.Postman()) {
                    send(postman, from, to, port, pause);
                  }
                  return true;
                });
              } catch (Exception broken) {
                failed = broken;
              }
            });
  }

  private void send(
      Space.Postman postman,
      Function<Family, Address> from,
      Function<Family, Address> to,
      int port,
      Duration pause)
      throws InterruptedException {
    for (int i = 0; !stop.get(); i++) {
      for (Family family : Family.values()) {
        int mark = Mark.next();
        sent.put(mark, System.nanoTime());
        byte[] packet =
            Packets.udp(
                from.apply(family), 2_000 + i % 60_000, to.apply(family), port, Mark.bytes(mark));
        postman.send(packet, 0);
      }
      Thread.sleep(pause);
    }
  }

  /// Every mark so far.
  Set<Integer> sent() {
    return Set.copyOf(sent.keySet());
  }

  /// Marks of what was sent in a stretch of time.
  ///
  /// @param from and
  /// @param to as [System#nanoTime] tells it
  Set<Integer> sent(long from, long to) {
    return sent.entrySet().stream()
        .filter(one -> one.getValue() - from >= 0 && one.getValue() - to <= 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// When a mark was sent, as [System#nanoTime] tells it.
  long sentAt(int mark) {
    return Objects.requireNonNull(sent.get(mark));
  }

  /// Packets that the machine dropped before any rule so far, since too many waited for a
  /// processor.
  static long overflowed() throws IOException {
    long out = 0;
    for (String processor : Files.readAllLines(Path.of("/proc/net/softnet_stat"))) {
      out += Long.parseLong(processor.split(" +", 3)[1], 16);
    }
    return out;
  }

  /// Sends nothing more.
  ///
  /// @throws IllegalStateException if it had to end before
  void end() {
    stop.set(true);
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Exception broken = failed;
    if (broken != null) {
      throw new IllegalStateException(broken);
    }
  }

  @Override
  public void close() {
    end();
  }
}
