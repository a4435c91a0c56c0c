package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a packet's ends and ports are looked up.
enum Orientation {
  /// In its connection: who opened it, and the real destination after DNAT. The usual case.
  CONNECTION("", "local"),
  /// In its header: conntrack does not know it.
  HEADER("_hdr", "header"),
  /// In its header, as if it were a reply: conntrack may have taken it the wrong way round.
  REVERSED("_rev", "reversed");

  private static final int REGISTER = Expression.REGISTER;

  /// The registers of four bytes that come after the first, and after the first of sixteen, which
  /// is register 2 by its name of old.
  private static final int AFTER_FOUR_BYTES = 9;

  private static final int AFTER_SIXTEEN_BYTES = 2;
  private static final int SECOND_AFTER_SIXTEEN_BYTES = 13;

  private final String suffix;
  private final String word;

  Orientation(String suffix, String word) {
    this.suffix = suffix;
    this.word = word;
  }

  /// What names of chains end with.
  String suffix() {
    return suffix;
  }

  /// What names of dispatch maps hold.
  String word() {
    return word;
  }

  /// Loads the address of the pod that is judged in this direction.
  List<Expression> subject(Direction direction, Family family) {
    return direction == Direction.EGRESS ? opener(family) : destination(family);
  }

  /// Loads the address of its peer.
  List<Expression> peer(Direction direction, Family family) {
    return direction == Direction.INGRESS ? opener(family) : destination(family);
  }

  private List<Expression> opener(Family family) {
    return switch (this) {
      case CONNECTION -> List.of(connection(source(family), Side.ORIGINAL));
      case HEADER -> headerSource(family);
      case REVERSED -> headerDestination(family);
    };
  }

  private List<Expression> destination(Family family) {
    return switch (this) {
      case CONNECTION -> List.of(connection(source(family), Side.REPLY));
      case HEADER -> headerDestination(family);
      case REVERSED -> headerSource(family);
    };
  }

  /// Loads the address of the peer, the protocol and the destination port in a row.
  List<Expression> peerAndPort(Direction direction, Family family) {
    List<Expression> out = new ArrayList<>(peer(direction, family));
    boolean four = family == Family.IPV4;
    out.add(protocol(four ? AFTER_FOUR_BYTES : AFTER_SIXTEEN_BYTES));
    out.add(port(four ? AFTER_FOUR_BYTES + 1 : SECOND_AFTER_SIXTEEN_BYTES));
    return out;
  }

  /// Loads the protocol.
  Expression protocol() {
    return protocol(REGISTER);
  }

  private Expression protocol(int register) {
    return this == CONNECTION
        ? new Expression.Connection(ConnectionKey.PROTOCOL, Optional.empty(), register)
        : new Expression.Meta(MetaKey.PROTOCOL, register);
  }

  /// Loads the destination port.
  Expression port() {
    return port(REGISTER);
  }

  private Expression port(int register) {
    return switch (this) {
      case CONNECTION ->
          new Expression.Connection(ConnectionKey.SOURCE_PORT, Optional.of(Side.REPLY), register);
      case HEADER -> new Expression.Payload(Header.TRANSPORT, 2, 2, register);
      case REVERSED -> new Expression.Payload(Header.TRANSPORT, 0, 2, register);
    };
  }

  static List<Expression> headerSource(Family family) {
    return List.of(
        new Expression.Meta(MetaKey.FAMILY, REGISTER),
        new Expression.Compare(REGISTER, Operator.EQUAL, Bytes.of(number(family))),
        family == Family.IPV4
            ? new Expression.Payload(Header.NETWORK, 12, 4, REGISTER)
            : new Expression.Payload(Header.NETWORK, 8, 16, REGISTER));
  }

  static List<Expression> headerDestination(Family family) {
    return List.of(
        new Expression.Meta(MetaKey.FAMILY, REGISTER),
        new Expression.Compare(REGISTER, Operator.EQUAL, Bytes.of(number(family))),
        family == Family.IPV4
            ? new Expression.Payload(Header.NETWORK, 16, 4, REGISTER)
            : new Expression.Payload(Header.NETWORK, 24, 16, REGISTER));
  }

  private static Expression connection(ConnectionKey key, Side side) {
    return new Expression.Connection(key, Optional.of(side), REGISTER);
  }

  private static ConnectionKey source(Family family) {
    return family == Family.IPV4 ? ConnectionKey.SOURCE_IPV4 : ConnectionKey.SOURCE_IPV6;
  }

  /// The address family's number, as packets' meta data has it.
  private static int number(Family family) {
    return family == Family.IPV4 ? 2 : 10;
  }
}
