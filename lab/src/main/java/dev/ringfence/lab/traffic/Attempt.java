package dev.ringfence.lab.traffic;

import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;

/// A probe as one protocol sends it: a socket of its own, and the packet by which it is known.
sealed interface Attempt extends AutoCloseable permits TcpProbe, UdpProbe, SctpProbe {
  /// Opens the socket, in the namespace of the calling thread; sends nothing.
  static Attempt open(Probe probe) throws IOException {
    return switch (probe.protocol()) {
      case TCP -> TcpProbe.open(probe);
      case UDP -> UdpProbe.open(probe);
      case SCTP -> SctpProbe.open(probe);
      case OTHER -> throw new IllegalArgumentException("no probe for other protocols");
    };
  }

  /// What a capture sees of it.
  Packet packet();

  /// Whether [#send] may be called again.
  boolean again();

  /// Sends the first packet; what comes back does not matter.
  void send() throws IOException;

  @Override
  void close();
}
