package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Protocol;
import java.util.OptionalInt;

/// One question: may `from` open this to `to`? Destination as it is after DNAT, source as it is
/// before SNAT (S42).
///
/// @param port the destination port; empty exactly where the protocol has none
/// @param viaService the source dialled a Service address, so that self traffic is judged (S91)
public record Flow(
    Endpoint from, Endpoint to, Protocol protocol, OptionalInt port, boolean viaService) {
  public Flow {
    if (protocol.hasPorts() != port.isPresent()) {
      throw new IllegalArgumentException(protocol + " and port " + port + " do not go together");
    }
  }

  public static Flow of(Endpoint from, Endpoint to, Protocol protocol, int port) {
    return new Flow(from, to, protocol, OptionalInt.of(port), false);
  }

  /// A flow of ICMP or another protocol without ports.
  public static Flow other(Endpoint from, Endpoint to) {
    return new Flow(from, to, Protocol.OTHER, OptionalInt.empty(), false);
  }
}
