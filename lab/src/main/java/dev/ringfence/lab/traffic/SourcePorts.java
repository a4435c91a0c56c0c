package dev.ringfence.lab.traffic;

import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.atomic.AtomicInteger;

/// Source ports for probes that must not leave theirs to the kernel: the port decides which backend
/// of a Service answers, and one that a node translates must be nobody else's.
final class SourcePorts {
  private static final int FIRST = 32_768;
  private static final int COUNT = 28_000;
  private static final int ATTEMPTS = 200;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private SourcePorts() {}

  /// Binds a socket to a port.
  interface Binding {
    void to(int port) throws IOException;
  }

  /// The next port that fits; not the same one again for a long time.
  static int next(Probe probe) {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (probe.fits(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no source port leads there");
  }

  /// Binds to a port that the probe may have: any, or one that fits and is free.
  static void bind(Probe probe, Binding socket) throws IOException {
    if (probe.via().isEmpty()) {
      socket.to(0);
      return;
    }
    for (int i = 1; ; i++) {
      try {
        socket.to(next(probe));
        return;
      } catch (BindException taken) {
        if (i == ATTEMPTS) {
          throw taken;
        }
      }
    }
  }
}
