package dev.ringfence.e2e;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;

/// One packet that opens a connection, or would.
///
/// @param from where it is sent
/// @param at who hears it if it arrives
/// @param flow the question that it asks
/// @param number of the protocol, among those that the flow stands for
record Shot(Space from, Ear at, Flow flow, int number, int clientPort, int mark)
    implements Volley.Round {

  Shot(Space from, Ear at, Flow flow, int number, int clientPort) {
    this(from, at, flow, number, clientPort, Mark.next());
  }

  @Override
  public byte[] packet() {
    byte[] payload = Mark.bytes(mark);
    Address from = address(flow.from());
    Address to = address(flow.to());
    int port = flow.port().orElse(0);
    return switch (flow.protocol()) {
      case TCP -> Packets.tcp(from, clientPort, to, port, Packets.SYN, payload);
      case UDP -> Packets.udp(from, clientPort, to, port, payload);
      case SCTP -> Packets.sctpInit(from, clientPort, to, port, payload);
      case OTHER ->
          number == echo(from.family())
              ? Packets.echo(from, to, payload)
              : Packets.ip(from, to, number, 64, payload);
    };
  }

  private static Address address(Endpoint end) {
    return end.address().orElseThrow();
  }

  static int echo(Family family) {
    return family == Family.IPV4 ? Packets.ICMP : Packets.ICMPV6;
  }

  /// The same packet with another mark.
  Shot again() {
    return new Shot(from, at, flow, number, clientPort);
  }

  @Override
  public boolean arrived() {
    return at.marks().contains(mark);
  }

  @Override
  public String toString() {
    return "%s -> %s %s"
        .formatted(
            address(flow.from()),
            address(flow.to()),
            flow.port().isPresent()
                ? flow.protocol() + "/" + flow.port().getAsInt()
                : "protocol " + number);
  }
}
