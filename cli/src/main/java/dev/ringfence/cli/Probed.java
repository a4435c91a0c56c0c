package dev.ringfence.cli;

import org.jspecify.annotations.Nullable;

/// One probe as the matrix shows it.
///
/// @param from the workload or the outside host that opens
/// @param to likewise the one that accepts
/// @param port `8080` for TCP, else `53/udp`; [#OTHER] for a port nobody declares
/// @param packet what the packet did; null where none was sent
record Probed(String from, String to, String port, boolean answer, @Nullable Boolean packet) {
  static final String OTHER = "other";

  /// What labels of Services' node ports begin with.
  static final String NODE_PORT = "node:";

  boolean differs() {
    return packet != null && packet != answer;
  }

  /// What happened, or, without a kernel, what would.
  boolean passed() {
    return packet == null ? answer : packet;
  }
}
