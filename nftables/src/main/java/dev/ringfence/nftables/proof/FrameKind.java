package dev.ringfence.nftables.proof;

import java.util.BitSet;
import java.util.List;

/// What a frame on a wire holds.
enum FrameKind {
  IPV4("IPv4", 0x0800, false),
  ARP("ARP", 0x0806, false),
  IPV6("IPv6", 0x86DD, false),
  /// Behind a VLAN tag, which shows in the frame and which the kernel looks past.
  TAGGED_IPV4("IPv4 behind a VLAN tag", 0x0800, true),
  TAGGED_ARP("ARP behind a VLAN tag", 0x0806, true),
  TAGGED_IPV6("IPv6 behind a VLAN tag", 0x86DD, true),
  /// Any other Ethernet type.
  OTHER("another Ethernet type", 0, false),
  /// From a link that is not Ethernet.
  NO_ETHERNET("no Ethernet", 0, false);

  private static final List<FrameKind> ALL = List.of(values());

  private final String text;
  private final int type;
  private final boolean tagged;

  FrameKind(String text, int type, boolean tagged) {
    this.text = text;
    this.type = type;
    this.tagged = tagged;
  }

  /// The Ethernet type of what the frame holds; 0 where it is none of ours.
  int type() {
    return type;
  }

  boolean isTagged() {
    return tagged;
  }

  boolean isIpv4() {
    return type == 0x0800;
  }

  boolean isIpv6() {
    return type == 0x86DD;
  }

  boolean isArp() {
    return type == 0x0806;
  }

  /// The one with this number.
  static FrameKind of(int number) {
    return ALL.get(number);
  }

  static BitSet set(FrameKind... some) {
    BitSet out = new BitSet();
    for (FrameKind one : some) {
      out.set(ALL.indexOf(one));
    }
    return out;
  }

  @Override
  public String toString() {
    return text;
  }
}
