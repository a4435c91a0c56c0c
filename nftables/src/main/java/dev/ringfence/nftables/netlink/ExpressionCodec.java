package dev.ringfence.nftables.netlink;

import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.RejectWith;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.Expression.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Expressions as attributes, there and back: one wire format, one file.
final class ExpressionCodec {
  private static final int LIST_ELEMENT = 1;
  private static final int NAME = 1;
  private static final int DATA = 2;
  private static final int VALUE = 1;
  private static final int VERDICT = 2;
  private static final int VERDICT_CODE = 1;
  private static final int VERDICT_CHAIN = 2;
  private static final int INVERTED = 1;
  private static final int LIMIT_PACKETS = 0;
  private static final int CONNECTION_SOURCE = 4;
  private static final int FIB_SOURCE = 1;
  private static final int FIB_DESTINATION = 2;
  private static final int FIB_ADDRESS_TYPE = 3;
  private static final int NAT_ADDRESS = 3;
  private static final int NAT_LAST_ADDRESS = 4;
  private static final int NAT_PORT = 5;
  private static final int NAT_LAST_PORT = 6;
  private static final int REJECT_ICMPX = 2;
  private static final int ICMPX_PORT_UNREACHABLE = 1;
  private static final int ICMPX_ADMIN_PROHIBITED = 3;

  private ExpressionCodec() {}

  static void write(MessageWriter out, Expression expression) {
    int element = out.beginNested(LIST_ELEMENT);
    out.text(NAME, name(expression));
    int data = out.beginNested(DATA);
    writeData(out, expression);
    out.endNested(data);
    out.endNested(element);
  }

  private static String name(Expression expression) {
    return switch (expression) {
      case Expression.Meta _ -> "meta";
      case Expression.Payload _ -> "payload";
      case Expression.Connection _ -> "ct";
      case Expression.AddressKind _ -> "fib";
      case Expression.Compare _ -> "cmp";
      case Expression.Mask _, Expression.Bits _ -> "bitwise";
      case Expression.Tell _ -> "ct";
      case Expression.InSet _ -> "lookup";
      case Expression.ByMap _ -> "lookup";
      case Expression.Judge _ -> "immediate";
      case Expression.Counter _ -> "counter";
      case Expression.NamedCounter _ -> "objref";
      case Expression.Limit _ -> "limit";
      case Expression.Log _ -> "log";
      case Expression.Reject _ -> "reject";
      case Expression.Load _ -> "immediate";
      case Expression.Translate _ -> "nat";
      case Expression.Foreign(var name) ->
          throw new IllegalArgumentException("we do not write " + name);
    };
  }

  private static void writeData(MessageWriter out, Expression expression) {
    switch (expression) {
      case Expression.Meta(var key, var register) -> {
        out.u32(1, register);
        out.u32(2, key.number());
      }
      case Expression.Payload(var header, var offset, var length, var register) -> {
        out.u32(1, register);
        out.u32(2, header.number());
        out.u32(3, offset);
        out.u32(4, length);
      }
      case Expression.Connection(var key, var side, var register) -> {
        out.u32(1, register);
        out.u32(2, key.number());
        side.ifPresent(one -> out.u8(3, one.number()));
      }
      case Expression.AddressKind(var source, var register) -> {
        out.u32(1, register);
        out.u32(2, FIB_ADDRESS_TYPE);
        out.u32(3, source ? FIB_SOURCE : FIB_DESTINATION);
      }
      case Expression.Compare(var register, var operator, var value) -> {
        out.u32(1, register);
        out.u32(2, operator.number());
        writeValue(out, 3, value);
      }
      case Expression.Mask(var register, var mask) ->
          writeBitwise(out, register, mask, zeroes(mask.length()));
      case Expression.Bits(var register, var bits) ->
          writeBitwise(out, register, bits.inverted(), bits);
      case Expression.Tell(var key, var register) -> {
        out.u32(2, key.number());
        out.u32(CONNECTION_SOURCE, register);
      }
      case Expression.InSet(var set, var register, var inverted) -> {
        out.text(1, set);
        out.u32(2, register);
        if (inverted) {
          out.u32(5, INVERTED);
        }
      }
      case Expression.ByMap(var map, var register) -> {
        out.text(1, map);
        out.u32(2, register);
        out.u32(3, 0);
      }
      case Expression.Judge(var verdict) -> {
        out.u32(1, 0);
        writeVerdict(out, 2, verdict);
      }
      case Expression.Counter() -> {
        out.u64(1, 0);
        out.u64(2, 0);
      }
      case Expression.NamedCounter(var name) -> {
        out.u32(1, NftCounter.TYPE);
        out.text(2, name);
      }
      case Expression.Limit(var rate, var perSeconds, var burst) -> {
        out.u64(1, rate);
        out.u64(2, perSeconds);
        out.u32(3, burst);
        out.u32(4, LIMIT_PACKETS);
        out.u32(5, 0);
      }
      case Expression.Log(var group, var bytes, var prefix) -> {
        out.u16(1, group);
        out.text(2, prefix);
        out.u32(3, bytes);
        out.u16(4, 0);
      }
      case Expression.Reject(var with) -> {
        out.u32(1, with == RejectWith.TCP_RESET ? 1 : REJECT_ICMPX);
        if (with != RejectWith.TCP_RESET) {
          out.u8(
              2,
              with == RejectWith.PORT_UNREACHABLE
                  ? ICMPX_PORT_UNREACHABLE
                  : ICMPX_ADMIN_PROHIBITED);
        }
      }
      case Expression.Load(var register, var value) -> {
        out.u32(1, register);
        writeValue(out, 2, value);
      }
      case Expression.Translate(var what, var family, var address, var port) -> {
        out.u32(1, what.number());
        out.u32(2, NftFamily.of(family).number());
        out.u32(NAT_ADDRESS, address);
        port.ifPresent(register -> out.u32(NAT_PORT, register));
      }
      case Expression.Foreign _ -> throw new IllegalArgumentException("unwritable");
    }
  }

  /// The register under a mask, and some of its bits turned round.
  private static void writeBitwise(MessageWriter out, int register, Bytes mask, Bytes turned) {
    out.u32(1, register);
    out.u32(2, register);
    out.u32(3, mask.length());
    writeValue(out, 4, mask);
    writeValue(out, 5, turned);
  }

  private static Bytes zeroes(int length) {
    return Bytes.copyOf(new byte[length]);
  }

  static void writeValue(MessageWriter out, int type, Bytes value) {
    int at = out.beginNested(type);
    out.value(VALUE, value);
    out.endNested(at);
  }

  static void writeVerdict(MessageWriter out, int type, Verdict verdict) {
    int data = out.beginNested(type);
    int inner = out.beginNested(VERDICT);
    out.u32(VERDICT_CODE, verdict.code());
    verdict.target().ifPresent(chain -> out.text(VERDICT_CHAIN, chain));
    out.endNested(inner);
    out.endNested(data);
  }

  static List<Expression> readList(Attributes list) {
    List<Expression> out = new ArrayList<>();
    for (Attributes.Attribute element : list.all()) {
      Attributes parts = element.nested();
      out.add(read(parts.text(NAME), parts.nested(DATA)));
    }
    return out;
  }

  private static Expression read(String name, Attributes data) {
    return switch (name) {
      case "meta" -> readMeta(data);
      case "payload" -> readPayload(data);
      case "ct" -> readConnection(data);
      case "fib" ->
          data.u32(2) == FIB_ADDRESS_TYPE && data.u32(3) <= FIB_DESTINATION
              ? new Expression.AddressKind(data.u32(3) == FIB_SOURCE, data.u32(1))
              : new Expression.Foreign(name);
      case "cmp" -> readCompare(data);
      case "bitwise" -> readBitwise(data);
      case "lookup" ->
          data.find(3).isPresent()
              ? new Expression.ByMap(data.text(1), data.u32(2))
              : new Expression.InSet(data.text(1), data.u32(2), data.u32(5, 0) == INVERTED);
      case "immediate" ->
          readVerdict(data.nested(2))
              .<Expression>map(Expression.Judge::new)
              .orElseGet(() -> new Expression.Load(data.u32(1), readValue(data.nested(2))));
      case "counter" -> new Expression.Counter();
      case "objref" ->
          data.find(2).isPresent() && data.u32(1) == NftCounter.TYPE
              ? new Expression.NamedCounter(data.text(2))
              : new Expression.Foreign(name);
      case "limit" ->
          data.u32(4, LIMIT_PACKETS) == LIMIT_PACKETS && data.u32(5, 0) == 0
              ? new Expression.Limit(data.get(1).u64(), data.get(2).u64(), data.u32(3, 0))
              : new Expression.Foreign(name);
      case "log" ->
          data.find(1).isPresent()
              ? new Expression.Log(
                  data.get(1).u16(),
                  data.u32(3, 0),
                  data.find(2).map(Attributes.Attribute::text).orElse(""))
              : new Expression.Foreign(name);
      case "reject" -> readReject(data);
      case "nat" -> readTranslation(data);
      default -> new Expression.Foreign(name);
    };
  }

  private static Expression readBitwise(Attributes data) {
    boolean inPlace = data.u32(1) == data.u32(2) && data.u32(6, 0) == 0;
    Bytes mask = readValue(data.nested(4));
    Bytes turned = readValue(data.nested(5));
    if (inPlace && turned.equals(zeroes(data.u32(3)))) {
      return new Expression.Mask(data.u32(1), mask);
    }
    return inPlace && turned.equals(mask.inverted())
        ? new Expression.Bits(data.u32(1), turned)
        : new Expression.Foreign("bitwise");
  }

  private static Expression readMeta(Attributes data) {
    return data.find(1).isPresent()
        ? Numbered.find(MetaKey.values(), data.u32(2))
            .<Expression>map(key -> new Expression.Meta(key, data.u32(1)))
            .orElseGet(() -> new Expression.Foreign("meta"))
        : new Expression.Foreign("meta");
  }

  private static Expression readPayload(Attributes data) {
    return data.find(1).isPresent()
        ? Numbered.find(Header.values(), data.u32(2))
            .<Expression>map(
                header -> new Expression.Payload(header, data.u32(3), data.u32(4), data.u32(1)))
            .orElseGet(() -> new Expression.Foreign("payload"))
        : new Expression.Foreign("payload");
  }

  private static Expression readConnection(Attributes data) {
    Optional<Side> side = data.find(3).flatMap(number -> Numbered.find(Side.values(), number.u8()));
    return data.find(1).isPresent()
        ? Numbered.find(ConnectionKey.values(), data.u32(2))
            .<Expression>map(key -> new Expression.Connection(key, side, data.u32(1)))
            .orElseGet(() -> new Expression.Foreign("ct"))
        : readTold(data);
  }

  private static Expression readTold(Attributes data) {
    return Numbered.find(ConnectionKey.values(), data.u32(2))
        .filter(_ -> data.find(CONNECTION_SOURCE).isPresent() && data.find(3).isEmpty())
        .<Expression>map(key -> new Expression.Tell(key, data.u32(CONNECTION_SOURCE)))
        .orElseGet(() -> new Expression.Foreign("ct"));
  }

  private static Expression readCompare(Attributes data) {
    return Numbered.find(Operator.values(), data.u32(2))
        .<Expression>map(
            operator -> new Expression.Compare(data.u32(1), operator, readValue(data.nested(3))))
        .orElseGet(() -> new Expression.Foreign("cmp"));
  }

  private static Expression readReject(Attributes data) {
    int type = data.u32(1);
    int code = data.find(2).map(Attributes.Attribute::u8).orElse(0);
    if (type == 1) {
      return new Expression.Reject(RejectWith.TCP_RESET);
    }
    if (type == REJECT_ICMPX && code == ICMPX_PORT_UNREACHABLE) {
      return new Expression.Reject(RejectWith.PORT_UNREACHABLE);
    }
    return type == REJECT_ICMPX && code == ICMPX_ADMIN_PROHIBITED
        ? new Expression.Reject(RejectWith.ADMIN_PROHIBITED)
        : new Expression.Foreign("reject");
  }

  /// Ours give one address and at most one port; the kernel repeats them as the ends of a range.
  private static Expression readTranslation(Attributes data) {
    Optional<Family> family = NftFamily.family(data.u32(2, 0));
    int address = data.u32(NAT_ADDRESS, 0);
    int port = data.u32(NAT_PORT, 0);
    boolean single =
        data.u32(NAT_LAST_ADDRESS, address) == address && data.u32(NAT_LAST_PORT, port) == port;
    return Numbered.find(Translation.values(), data.u32(1))
        .filter(what -> single && address != 0 && family.isPresent())
        .<Expression>map(what ->
            new Expression.Translate(
                what,
                family.orElseThrow(),
                address,
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port)))
        .orElseGet(() -> new Expression.Foreign("nat"));
  }

  static Bytes readValue(Attributes data) {
    return data.find(VALUE).map(Attributes.Attribute::value).orElse(Bytes.EMPTY);
  }

  static Optional<Verdict> readVerdict(Attributes data) {
    if (data.find(VERDICT).isEmpty()) {
      return Optional.empty();
    }
    Attributes verdict = data.nested(VERDICT);
    return Optional.of(
        Verdict.of(
            verdict.u32(VERDICT_CODE),
            verdict.find(VERDICT_CHAIN).map(Attributes.Attribute::text)));
  }
}
