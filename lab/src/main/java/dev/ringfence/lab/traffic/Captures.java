package dev.ringfence.lab.traffic;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// One capture in each namespace of a lab.
public final class Captures implements AutoCloseable {
  private final Map<String, Capture> byNamespace = new TreeMap<>();

  public void open(String namespace) throws Exception {
    byNamespace.put(namespace, Capture.in(namespace));
  }

  public void close(String namespace) {
    Capture capture = byNamespace.remove(namespace);
    if (capture != null) {
      capture.close();
    }
  }

  void discard() {
    byNamespace.values().forEach(Capture::discard);
  }

  /// Hands over what came in anywhere, with the namespace it came into.
  void drain(BiConsumer<String, Packet> to) {
    byNamespace.forEach(
        (namespace, capture) -> capture.drain(packet -> to.accept(namespace, packet)));
  }

  long lost() {
    return byNamespace.values().stream().mapToLong(Capture::lost).sum();
  }

  @Override
  public void close() {
    byNamespace.values().forEach(Capture::close);
    byNamespace.clear();
  }
}
