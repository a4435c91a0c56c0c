package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The INIT of an SCTP association, made by hand: kernels without SCTP can send and judge it.
///
/// @param toPort that is dialled
record SctpProbe(Descriptor socket, Address to, int toPort, Packet packet, boolean again)
    implements Attempt {
  static SctpProbe open(Probe probe) {
    int domain = probe.family() == Family.IPV4 ? Linux.AF_INET : Linux.AF_INET6;
    Descriptor socket = Libc.socket(domain, Linux.SOCK_RAW, Linux.IPPROTO_SCTP);
    try {
      Libc.bind(socket, SockAddr.of(probe.fromAddress(), 0));
    } catch (SystemCallException refused) {
      socket.close();
      throw refused;
    }
    return new SctpProbe(
        socket,
        probe.dialled(),
        probe.dialledPort(),
        Packet.of(Packet.SCTP, probe, SourcePorts.next(probe)),
        probe.via().isEmpty());
  }

  @Override
  public void send() throws IOException {
    try {
      Libc.sendTo(socket, init(), 0, SockAddr.of(to, 0));
    } catch (SystemCallException refused) {
      throw new IOException("SCTP to " + to, refused);
    }
  }

  /// Common header with verification tag 0, one INIT chunk with one stream each way.
  private byte[] init() {
    ByteBuffer out = ByteBuffer.allocate(32);
    out.putShort((short) packet.fromPort()).putShort((short) toPort);
    out.putInt(0).putInt(0);
    out.put((byte) 1).put((byte) 0).putShort((short) 20);
    out.putInt(1).putInt(65_536).putShort((short) 1).putShort((short) 1).putInt(1);
    CRC32C sum = new CRC32C();
    sum.update(out.array());
    out.order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) sum.getValue());
    return out.array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
