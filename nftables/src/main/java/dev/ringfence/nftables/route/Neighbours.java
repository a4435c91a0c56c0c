package dev.ringfence.nftables.route;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.netlink.Attributes;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkMessage;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Reads the neighbour tables, and the forwarding tables of bridges.
public final class Neighbours {
  private static final int GET = 30;
  private static final int FIXED = 12;
  private static final int DESTINATION = 1;
  private static final int HARDWARE = 2;
  private static final int PERMANENT = 0x80;

  private Neighbours() {}

  /// Those of both families whose link address is known.
  public static List<Neighbour> all(NetlinkSocket socket) {
    return Stream.of(Linux.AF_INET, Linux.AF_INET6)
        .flatMap(family ->
            dump(
                socket,
                family,
                (NetlinkMessage message, List<Neighbour> list) ->
                    neighbour(message).ifPresent(list::add))
                .stream())
        .toList();
  }

  /// What a message says of a neighbour, if its link address is known.
  static Optional<Neighbour> neighbour(NetlinkMessage message) {
    return anyone(message).filter(one -> one.hardware().length() > 0);
  }

  /// Likewise of one whose link address may be unknown, as it is once it has gone.
  static Optional<Neighbour> anyone(NetlinkMessage message) {
    Attributes all = message.attributes(FIXED);
    return all.value(DESTINATION)
        .map(to ->
            new Neighbour(
                message.intAt(4),
                Address.ofBytes(to.toArray()),
                all.value(HARDWARE).orElse(Bytes.EMPTY)));
  }

  /// What bridges learnt or were told; their ports' own addresses are left out.
  public static List<Neighbour.OnBridge> onBridges(NetlinkSocket socket) {
    return dump(socket, Linux.AF_BRIDGE, (message, list) -> onBridge(message).ifPresent(list::add));
  }

  /// What a message says of somebody behind a port, if it is not the port itself.
  static Optional<Neighbour.OnBridge> onBridge(NetlinkMessage message) {
    return (message.shortAt(8) & PERMANENT) == 0
        ? message
            .attributes(FIXED)
            .value(HARDWARE)
            .map(bytes -> new Neighbour.OnBridge(message.intAt(4), bytes))
        : Optional.empty();
  }

  private static <T> List<T> dump(
      NetlinkSocket socket, int family, BiConsumer<NetlinkMessage, List<T>> reader) {
    return socket.dump(
        "list neighbours",
        out -> {
          int at = out.beginMessage(GET, 0);
          out.putByte(out.zeroes(FIXED), family);
          out.endMessage(at);
        },
        reader);
  }
}
