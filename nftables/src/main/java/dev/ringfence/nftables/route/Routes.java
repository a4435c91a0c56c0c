package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.netlink.Attributes;
import dev.ringfence.nftables.netlink.NetlinkMessage;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the unicast routes of a network namespace, of every table.
public final class Routes {
  private static final int GET = 26;
  private static final int FIXED = 12;
  private static final int DESTINATION = 1;
  private static final int LINK = 4;
  private static final int GATEWAY = 5;
  private static final int TABLE = 15;
  private static final int UNICAST = 1;

  private Routes() {}

  /// Those of both families that leave by one interface.
  public static List<Route> all(NetlinkSocket socket) {
    return Stream.of(Linux.AF_INET, Linux.AF_INET6)
        .flatMap(family -> ofFamily(socket, family).stream())
        .toList();
  }

  private static List<Route> ofFamily(NetlinkSocket socket, int family) {
    return socket.dump(
        "list routes",
        out -> {
          int at = out.beginMessage(GET, 0);
          out.putByte(out.zeroes(FIXED), family);
          out.endMessage(at);
        },
        (message, routes) -> unicast(message).ifPresent(routes::add));
  }

  /// What a message says of a route, if it is one that leaves by one interface.
  static Optional<Route> unicast(NetlinkMessage message) {
    return message.byteAt(7) == UNICAST ? route(message) : Optional.empty();
  }

  private static Optional<Route> route(NetlinkMessage message) {
    Attributes all = message.attributes(FIXED);
    Address none = message.byteAt(0) == Linux.AF_INET ? Address.ofV4(0) : Address.ofV6(0, 0);
    Address destination =
        all.value(DESTINATION).map(bytes -> Address.ofBytes(bytes.toArray())).orElse(none);
    return all.find(LINK)
        .map(link ->
            new Route(
                new Cidr(destination, message.byteAt(1)),
                all.value(GATEWAY).map(bytes -> Address.ofBytes(bytes.toArray())),
                link.nativeInt(),
                all.find(TABLE).map(Attributes.Attribute::nativeInt).orElse(message.byteAt(4))));
  }
}
