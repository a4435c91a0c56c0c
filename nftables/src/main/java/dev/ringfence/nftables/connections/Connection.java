package dev.ringfence.nftables.connections;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Attributes;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkMessage;
import java.util.Optional;
import java.util.OptionalInt;

/// A connection as it is judged: who opened it, and the real destination after DNAT.
///
/// @param protocol its number
/// @param port of the destination, where the protocol has ports
/// @param key how the kernel finds it
public record Connection(
    Address opener, Address destination, int protocol, OptionalInt port, Key key) {
  private static final int ORIGINAL = 1;
  private static final int REPLY = 2;
  private static final int ZONE = 18;
  private static final int IP = 1;
  private static final int PROTOCOL = 2;
  private static final int SOURCE_4 = 1;
  private static final int SOURCE_6 = 3;
  private static final int NUMBER = 1;
  private static final int SOURCE_PORT = 2;

  /// What the kernel called it, as it was.
  ///
  /// @param tuple of who opened it
  /// @param zone empty for the usual one
  public record Key(int family, Bytes tuple, Optional<Bytes> zone) {}

  /// Empty for what has no addresses.
  static Optional<Connection> read(NetlinkMessage message) {
    Attributes all = message.attributes(4);
    Attributes reply = all.nested(REPLY);
    Optional<Address> opener = source(all.nested(ORIGINAL));
    Optional<Address> destination = source(reply);
    Optional<Bytes> tuple = all.value(ORIGINAL);
    if (opener.isEmpty() || destination.isEmpty() || tuple.isEmpty()) {
      return Optional.empty();
    }
    Attributes protocol = reply.nested(PROTOCOL);
    OptionalInt port =
        protocol
            .find(SOURCE_PORT)
            .map(one -> OptionalInt.of(one.u16()))
            .orElse(OptionalInt.empty());
    return Optional.of(
        new Connection(
            opener.get(),
            destination.get(),
            protocol.find(NUMBER).map(Attributes.Attribute::u8).orElse(0),
            port,
            new Key(message.byteAt(0), tuple.get(), all.value(ZONE))));
  }

  private static Optional<Address> source(Attributes tuple) {
    Attributes ip = tuple.nested(IP);
    return ip.value(SOURCE_4)
        .or(() -> ip.value(SOURCE_6))
        .map(bytes -> Address.ofBytes(bytes.toArray()));
  }
}
