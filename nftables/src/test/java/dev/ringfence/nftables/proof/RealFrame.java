package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.proof.RealPacket.NotForReal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A frame that a report names, as bytes.
///
/// @param ingress whether the pod sends it
record RealFrame(String device, boolean ingress, Bytes frame) {
  private static final int LINK = 14;
  private static final int IPV4 = 20;
  private static final int IPV6 = 40;
  private static final int EXTENSION = 8;
  private static final int MOST = 1514;
  private static final Set<String> KNOWN =
      Set.of(
          "Ethernet type",
          "link source",
          "IPv4 source",
          "IPv4 destination",
          "ARP sender",
          "IPv6 source",
          "IPv6 destination",
          "hop limit",
          "payload length",
          "next header",
          "protocol",
          "source port",
          "destination port",
          "ICMP type",
          "advertised address",
          "advertised link address");

  /// @throws NotForReal saying why there is no such frame
  static RealFrame of(SamplePacket sample) throws NotForReal {
    for (SamplePacket.Detail one : sample.details()) {
      if (!KNOWN.contains(one.what())) {
        throw new NotForReal(
            "a frame by what only foreign rules look at: " + one.what().replaceAll("[0-9]", "N"));
      }
    }
    FrameProbe probe = FrameProbe.of(sample);
    if (probe.kind() == FrameKind.NO_ETHERNET) {
      throw new NotForReal("a frame of a link that is not Ethernet");
    }
    if (probe.kind().isTagged() && !probe.fromPod()) {
      throw new NotForReal("a frame that leaves with a tag beside it");
    }
    return new RealFrame(probe.device(), probe.fromPod(), new Maker(probe).frame());
  }

  /// Writes it field by field, then cuts it off before what must be lacking.
  private static final class Maker {
    private final FrameProbe probe;
    private final byte[] bytes = new byte[MOST];
    private final List<Integer> ends = new ArrayList<>();
    private int start = LINK;
    private int length = LINK;
    private int cut = MOST;

    Maker(FrameProbe probe) {
      this.probe = probe;
    }

    Bytes frame() throws NotForReal {
      put(0, Crossroads.FRAME_TOKEN);
      put(6, field("link source").orElse(Bytes.of(2, 0, 0, 0, 7, 7)));
      ends.clear();
      types();
      int network = start;
      if (probe.kind().isIpv4()) {
        ipv4(network);
      } else if (probe.kind().isArp()) {
        put(network, Bytes.of(0, 1, 8, 0, 6, 4, 0, 2));
        length = network + 28;
        write("ARP sender", network + 14, 4);
      } else if (probe.kind().isIpv6()) {
        ipv6(network);
      } else {
        length = network + 46;
      }
      return finished(network);
    }

    /// The Ethernet type, and the tag before it.
    private void types() throws NotForReal {
      FrameKind kind = probe.kind();
      Bytes outer = field("Ethernet type").orElse(Bytes.ofShort(kind.isTagged() ? 0x8100 : 0x88CC));
      boolean tag = outer.equals(Bytes.ofShort(0x8100)) || outer.equals(Bytes.ofShort(0x88A8));
      if (kind.isTagged() && !tag) {
        throw new NotForReal("a frame with a tag of a type that is none");
      }
      if (kind.type() != 0 && !kind.isTagged()) {
        put(12, Bytes.ofShort(kind.type()));
        return;
      }
      put(12, outer);
      if (tag) {
        put(14, Bytes.of(0, 0).then(Bytes.ofShort(kind.type() == 0 ? 0x88CC : kind.type())));
        start += 4;
      }
    }

    private void ipv4(int at) throws NotForReal {
      put(at, Bytes.of(0x45));
      bytes[at + 8] = 64;
      length = at + IPV4;
      write("IPv4 source", at + 12, 4);
      write("IPv4 destination", at + 16, 4);
      bytes[at + 9] = (byte) protocol();
      transport(at + IPV4);
    }

    private void ipv6(int at) throws NotForReal {
      put(at, Bytes.of(0x60));
      bytes[at + 7] = 64;
      length = at + IPV6;
      write("payload length", at + 4, 2);
      write("hop limit", at + 7, 1);
      write("IPv6 source", at + 8, 16);
      write("IPv6 destination", at + 24, 16);
      int protocol = protocol();
      int next = field("next header").map(one -> one.at(0)).orElse(protocol);
      bytes[at + 6] = (byte) next;
      write("next header", at + 6, 1);
      if (next == protocol) {
        transport(at + IPV6);
        return;
      }
      if (next != 0 && next != 43 && next != 60) {
        throw new NotForReal("a frame of one protocol behind the header of another");
      }
      bytes[at + IPV6] = (byte) protocol;
      transport(at + IPV6 + EXTENSION);
    }

    private int protocol() {
      if (isCut("protocol")) {
        return 17;
      }
      return field("protocol").map(one -> one.at(0)).orElse(17);
    }

    private void transport(int at) throws NotForReal {
      if (isCut("protocol")) {
        boolean more =
            KNOWN.stream().anyMatch(name -> isTransport(name) && field(name).isPresent());
        if (more) {
          throw new NotForReal("a frame with more behind a header that is cut off");
        }
        length = at;
        return;
      }
      length = at + 40;
      boolean ports = field("source port").isPresent() || field("destination port").isPresent();
      write("source port", at, 2);
      write("destination port", at + 2, 2);
      if (field("ICMP type").isPresent() && ports && bytes[at] != type()) {
        throw new NotForReal("a frame whose bytes are to be two things");
      }
      write("ICMP type", at, 1);
      write("advertised address", at + 8, 16);
      write("advertised link address", at + 24, 8);
    }

    private static boolean isTransport(String name) {
      return name.endsWith(" port") || name.equals("ICMP type") || name.startsWith("advertised");
    }

    private byte type() {
      return (byte) field("ICMP type").map(one -> one.at(0)).orElse(0).intValue();
    }

    private Optional<Bytes> field(String name) {
      return probe.fields().getOrDefault(name, Optional.empty());
    }

    private boolean isCut(String name) {
      return probe.fields().containsKey(name) && field(name).isEmpty();
    }

    private void put(int at, Bytes value) {
      System.arraycopy(value.toArray(), 0, bytes, at, value.length());
    }

    private void write(String name, int at, int size) {
      if (isCut(name)) {
        cut = Math.min(cut, at + size - 1);
      }
      field(name)
          .ifPresent(value -> {
            put(at, value);
            ends.add(at + value.length());
          });
    }

    private Bytes finished(int network) throws NotForReal {
      int end = Math.min(length, cut);
      if (ends.stream().anyMatch(one -> one > end)) {
        throw new NotForReal("a frame cut off before what it has");
      }
      return Bytes.copyOf(Arrays.copyOf(bytes, sized(network, end)));
    }

    /// Lengths that the kernel believes, unless the protocol is not to be found.
    private int sized(int network, int end) throws NotForReal {
      boolean lies = isCut("protocol");
      if (probe.kind().isIpv4()) {
        put(network + 2, Bytes.ofShort(Math.max(20, end - network) + (lies ? 100 : 0)));
        return end;
      }
      if (!probe.kind().isIpv6()) {
        return end;
      }
      Optional<Bytes> said = field("payload length");
      if (said.isEmpty()) {
        put(network + 4, Bytes.ofShort(Math.max(0, end - network - IPV6) + (lies ? 100 : 0)));
        return end;
      }
      int whole = network + IPV6 + (said.get().at(0) << 8 | said.get().at(1));
      if (whole > MOST || (whole > end && (lies || cut < MOST))) {
        throw new NotForReal("a frame longer than the wire takes, or than it is");
      }
      return Math.max(whole, end);
    }
  }
}
