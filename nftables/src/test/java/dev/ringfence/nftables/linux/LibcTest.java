package dev.ringfence.nftables.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.ScratchNamespace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibcTest {
  @Test
  void aForgedPacketIsSentCapturedAndDelivered() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        Address to = Address.of("127.0.0.1");
        try (Descriptor server = Libc.socket(Linux.AF_INET, Linux.SOCK_DGRAM, 0);
            Descriptor wire = Libc.packetSocket(Linux.SOCK_DGRAM, Linux.ETH_P_ALL);
            Descriptor raw = Libc.socket(Linux.AF_INET, Linux.SOCK_RAW, Linux.IPPROTO_RAW)) {
          Libc.bind(server, SockAddr.of(to, 4000));
          Libc.bind(wire, SockAddr.packet(Libc.interfaceIndex("lo"), Linux.ETH_P_ALL));
          byte[] packet = udp("127.0.0.7", "127.0.0.1", 5000, 4000);
          assertEquals(packet.length, Libc.sendTo(raw, packet, 0, SockAddr.of(to, 0)));
          assertEquals(
              List.of(server, wire), Libc.readable(List.of(server, wire), Duration.ofSeconds(2)));
          byte[] into = new byte[100];
          Libc.Received received = Libc.receiveFrom(server, into, 0);
          assertEquals(Address.of("127.0.0.7"), received.from().address());
          assertEquals(5000, received.from().port());
          assertEquals(1, received.length());
          assertEquals(29, Libc.receive(wire, into, 0));
          assertArrayEquals(Address.of("127.0.0.7").bytes(), Arrays.copyOfRange(into, 12, 16));
        }
        return null;
      });
    }
  }

  @Test
  void aClosedDescriptorIsNeverUsedAgain() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        Descriptor socket = Libc.socket(Linux.AF_INET6, Linux.SOCK_DGRAM, 0);
        socket.close();
        socket.close();
        assertThrows(IllegalStateException.class, () -> Libc.send(socket, new byte[1], 1, 0));
        return null;
      });
    }
  }

  /// One byte of UDP; the kernel fills in the header's checksum, and 0 means no UDP checksum.
  private static byte[] udp(String from, String to, int fromPort, int toPort) {
    byte[] out = new byte[29];
    out[0] = 0x45;
    out[3] = 29;
    out[8] = 64;
    out[9] = 17;
    System.arraycopy(Address.of(from).bytes(), 0, out, 12, 4);
    System.arraycopy(Address.of(to).bytes(), 0, out, 16, 4);
    out[20] = (byte) (fromPort >>> 8);
    out[21] = (byte) fromPort;
    out[22] = (byte) (toPort >>> 8);
    out[23] = (byte) toPort;
    out[25] = 9;
    return out;
  }
}
