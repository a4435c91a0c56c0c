package dev.ringfence.e2e;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.e2e.wire.Space;
import java.io.IOException;

/// A connection of real sockets in two namespaces, and what is said over it.
public sealed interface Talk extends AutoCloseable permits TcpTalk, UdpTalk {
  /// Opens one of this protocol; the way must be free.
  static Talk open(Protocol protocol, Space from, Space to, Address address, int port)
      throws Exception {
    return switch (protocol) {
      case TCP -> TcpTalk.open(from, to, address, port);
      case UDP -> UdpTalk.open(from, to, address, port);
      case SCTP, OTHER -> throw new IllegalArgumentException("no talks over " + protocol);
    };
  }

  void clientSays(String words) throws IOException;

  void serverSays(String words) throws IOException;

  /// What the client hears next; waits for it.
  String clientHears() throws Exception;

  /// What the server hears next; waits for it.
  String serverHears() throws Exception;

  void clientHearsNothing() throws Exception;

  void serverHearsNothing() throws Exception;

  @Override
  void close() throws IOException;
}
