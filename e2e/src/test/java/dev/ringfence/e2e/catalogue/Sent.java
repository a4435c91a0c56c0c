package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cases.Asked;
import dev.ringfence.core.cases.Asked.Verdict;
import dev.ringfence.core.cases.What;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.Volley;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import java.nio.ByteBuffer;

/// The packet of one probe, made by hand.
///
/// @param at who hears it if it arrives
/// @param to what is dialled, be it a Service
record Sent(
    Asked asked, Space from, Ear at, Address source, Address to, int port, int clientPort, int mark)
    implements Volley.Round {
  private static final int USUAL_TTL = 64;

  /// What neighbours ask with; nobody can have passed it on.
  private static final int FRESH = 255;

  private static final int SOLICITATION = 135;

  /// Whether the packet tells all, and no answer or error about it.
  boolean alone() {
    return !asked.error()
        && (asked.verdict() == Verdict.ALLOWED || asked.verdict() == Verdict.DENIED);
  }

  @Override
  public byte[] packet() {
    return packet(asked.what(), source, clientPort, to, port, Mark.bytes(mark));
  }

  private static byte[] packet(
      What what, Address from, int fromPort, Address to, int port, byte[] payload) {
    return switch (what) {
      case TCP -> Packets.tcp(from, fromPort, to, port, Packets.SYN, payload);
      case UDP -> Packets.udp(from, fromPort, to, port, payload);
      case SCTP -> Packets.sctpInit(from, fromPort, to, port, payload);
      case PING -> Packets.echo(from, to, payload);
      case OTHER -> Packets.ip(from, to, Packets.EXPERIMENT, USUAL_TTL, payload);
      case SOLICITATION -> {
        byte[] body = ByteBuffer.allocate(28).put(to.bytes()).put(payload).array();
        yield Packets.icmp(from, to, SOLICITATION, 0, 0, FRESH, body);
      }
    };
  }

  /// "Too big", from a router, about the answer to this packet.
  byte[] tooBig(byte[] payload) {
    byte[] answer = packet(asked.what(), to, port, source, clientPort, payload);
    boolean four = source.family() == Family.IPV4;
    Address router = Address.of(four ? "198.51.100.99" : "2001:db8:99::99");
    return Packets.icmp(router, to, four ? 3 : 2, four ? 4 : 0, 1280, USUAL_TTL, answer);
  }

  @Override
  public boolean arrived() {
    return at.marks().contains(mark);
  }
}
