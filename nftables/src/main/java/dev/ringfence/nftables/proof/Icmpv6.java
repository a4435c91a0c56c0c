package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.List;

/// Types of ICMPv6 messages that keep a link going; conntrack follows none of them.
final class Icmpv6 {
  /// Neighbour discovery (RFC 4861).
  static final List<Range> DISCOVERY = List.of(new Range(Bytes.of(133), Bytes.of(137)));

  /// Who listens to which multicast group (RFC 2710, 3810).
  static final List<Range> LISTENER =
      List.of(new Range(Bytes.of(130), Bytes.of(132)), Range.only(Bytes.of(143)));

  private Icmpv6() {}
}
