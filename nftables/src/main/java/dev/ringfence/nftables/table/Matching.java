package dev.ringfence.nftables.table;

import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The conditions that rules are made of, in the shapes in which `nft` prints them back.
final class Matching {
  private static final int REGISTER = Expression.REGISTER;

  private Matching() {}

  /// The number of a protocol that has ports.
  static Bytes number(Protocol protocol) {
    return switch (protocol) {
      case TCP -> Bytes.of(6);
      case UDP -> Bytes.of(17);
      case SCTP -> Bytes.of(132);
      case OTHER -> throw new IllegalArgumentException("no one protocol");
    };
  }

  /// All these in a row.
  @SafeVarargs
  static List<Expression> all(List<Expression>... parts) {
    List<Expression> out = new ArrayList<>();
    for (List<Expression> part : parts) {
      out.addAll(part);
    }
    return out;
  }

  static Expression equal(Bytes value) {
    return new Expression.Compare(REGISTER, Operator.EQUAL, value);
  }

  static Expression notEqual(Bytes value) {
    return new Expression.Compare(REGISTER, Operator.NOT_EQUAL, value);
  }

  static Expression in(String set) {
    return new Expression.InSet(set, REGISTER, false);
  }

  /// The loaded number lies in this range.
  static List<Expression> between(Bytes first, Bytes last) {
    return first.equals(last)
        ? List.of(equal(first))
        : List.of(
            new Expression.Compare(REGISTER, Operator.GREATER_OR_EQUAL, first),
            new Expression.Compare(REGISTER, Operator.LESS_OR_EQUAL, last));
  }

  /// The loaded address lies in this range; a CIDR is compared under its mask.
  static List<Expression> address(AddressRange range) {
    Optional<Cidr> cidr = range.asCidr();
    Bytes first = Bytes.copyOf(range.first().bytes());
    if (cidr.isEmpty() || cidr.get().prefix() == range.family().bits()) {
      return between(first, Bytes.copyOf(range.last().bytes()));
    }
    return List.of(
        new Expression.Mask(REGISTER, mask(cidr.get().prefix(), first.length())), equal(first));
  }

  static Bytes mask(int prefix, int length) {
    byte[] out = new byte[length];
    for (int bit = 0; bit < prefix; bit++) {
      out[bit / 8] |= (byte) (0x80 >>> (bit % 8));
    }
    return Bytes.copyOf(out);
  }

  /// One of these bits is set in the loaded number.
  static List<Expression> anyBit(Bytes bits) {
    return List.of(
        new Expression.Mask(REGISTER, bits), notEqual(Bytes.copyOf(new byte[bits.length()])));
  }
}
