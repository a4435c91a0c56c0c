package dev.ringfence.nftables.route;

import dev.ringfence.nftables.netlink.Attributes;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkMessage;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.List;
import java.util.OptionalInt;

/// Reads the interfaces of a network namespace.
public final class Links {
  private static final int GET = 18;
  private static final int FIXED = 16;
  private static final int ADDRESS = 1;
  private static final int NAME = 3;
  private static final int MASTER = 10;
  private static final int INFO = 18;
  private static final int KIND = 1;
  private static final int UP = 1;

  private Links() {}

  public static List<Link> all(NetlinkSocket socket) {
    return socket.dump(
        "list links",
        out -> {
          int at = out.beginMessage(GET, 0);
          out.zeroes(FIXED);
          out.endMessage(at);
        },
        (message, links) -> links.add(link(message)));
  }

  static Link link(NetlinkMessage message) {
    Attributes all = message.attributes(FIXED);
    return new Link(
        message.intAt(4),
        all.text(NAME),
        (message.intAt(8) & UP) != 0,
        all.value(ADDRESS).orElse(Bytes.EMPTY),
        all.find(MASTER)
            .map(master -> OptionalInt.of(master.nativeInt()))
            .orElse(OptionalInt.empty()),
        all.nested(INFO).find(KIND).map(Attributes.Attribute::text).orElse(""));
  }
}
