package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// One capture in each namespace of a lab.
public final class Captures implements AutoCloseable {
  private final Map<String, Sight> byNamespace = new TreeMap<>();
  private final boolean wanted;

  public Captures() {
    this(true);
  }

  private Captures(boolean wanted) {
    this.wanted = wanted;
  }

  /// For a lab that somebody else watches: what nobody reads would fill the kernel's memory.
  public static Captures none() {
    return new Captures(false);
  }

  /// Of whatever comes in there.
  public void open(String namespace) throws Exception {
    if (wanted) {
      byNamespace.put(namespace, Capture.in(namespace));
    }
  }

  /// Of what a node itself accepts at these addresses.
  public void openNode(String namespace, Collection<Address> addresses) throws Exception {
    if (wanted) {
      byNamespace.put(namespace, Delivered.in(namespace, addresses));
    }
  }

  public void close(String namespace) {
    Sight capture = byNamespace.remove(namespace);
    if (capture != null) {
      capture.close();
    }
  }

  void discard() {
    byNamespace.values().forEach(Sight::discard);
  }

  /// Hands over what came in anywhere, with the namespace it came into.
  void drain(BiConsumer<String, Packet> to) {
    byNamespace.forEach(
        (namespace, capture) -> capture.drain(packet -> to.accept(namespace, packet)));
  }

  long lost() {
    return byNamespace.values().stream().mapToLong(Sight::lost).sum();
  }

  @Override
  public void close() {
    byNamespace.values().forEach(Sight::close);
    byNamespace.clear();
  }
}
