package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.table.TableInterpreter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// One IP packet at a hook, with its connection.
///
/// @param protocol -1 where it has none that could be found; likewise ports, flags and type
/// @param sourceKind 1 is unicast, 2 local
record Probe(
    Hook hook,
    Situation situation,
    Address opener,
    Address destination,
    int protocol,
    int openerPort,
    int port,
    int flags,
    int type,
    int hopLimit,
    int sourceKind,
    Address errorFrom,
    Address errorTo)
    implements TableInterpreter.Loads {

  /// The packet that a report names.
  static Probe of(SamplePacket sample) {
    Address opener = Address.of(sample.from().orElseThrow());
    Address destination = Address.of(sample.to().orElseThrow());
    Situation situation = Situation.NEW;
    for (Situation one : Situation.values()) {
      situation = one.toString().equals(sample.state()) ? one : situation;
    }
    return new Probe(
        Hook.valueOf(sample.hook().toUpperCase(Locale.ROOT)),
        situation,
        opener,
        destination,
        sample.protocol().orElse(-1),
        sample.fromPort().orElse(number(sample, "opener's port", -1)),
        sample.port().orElse(number(sample, "port", -1)),
        number(sample, "TCP flags", 2),
        number(sample, "ICMP type", 128),
        number(sample, "hop limit", 64),
        sample
            .detail("kind of source")
            .map(hex -> Bytes.copyOf(HexFormat.of().parseHex(hex.substring(2))).nativeInt())
            .orElse(1),
        sample.detail("sender of the error").map(Address::of).orElse(destination),
        sample.detail("receiver of the error").map(Address::of).orElse(opener));
  }

  private static int number(SamplePacket sample, String what, int otherwise) {
    return sample.detail(what).map(Integer::parseInt).orElse(otherwise);
  }

  private Family family() {
    return opener.family();
  }

  @Override
  public Optional<Bytes> load(Expression expression) {
    return switch (expression) {
      case Expression.Connection(var key, var side, _) ->
          key == ConnectionKey.STATE
              ? Optional.of(Bytes.ofNativeInt(situation.state()))
              : situation.isTracked() ? connection(key, side) : Optional.empty();
      case Expression.Meta(var key, _) ->
          switch (key) {
            case FAMILY -> Optional.of(Bytes.of(family() == Family.IPV4 ? 2 : 10));
            case PROTOCOL -> headerProtocol();
            case ETHER_TYPE, INPUT_INTERFACE_NAME, OUTPUT_INTERFACE_NAME, INPUT_LINK_TYPE ->
                throw new IllegalArgumentException("not known: " + key);
          };
      case Expression.AddressKind(var source, _) when source ->
          Optional.of(Bytes.ofNativeInt(sourceKind));
      case Expression.Payload(var header, var offset, var length, _) ->
          payload(header, offset, length);
      default -> throw new IllegalArgumentException("not known: " + expression);
    };
  }

  private Optional<Bytes> headerProtocol() {
    if (situation.isError()) {
      return Optional.of(Bytes.of(family() == Family.IPV4 ? 1 : 58));
    }
    return byteOf(protocol);
  }

  private static Optional<Bytes> byteOf(int value) {
    return value < 0 ? Optional.empty() : Optional.of(Bytes.of(value));
  }

  private static Optional<Bytes> portOf(int value) {
    return value < 0 ? Optional.empty() : Optional.of(Bytes.ofShort(value));
  }

  private Optional<Bytes> connection(ConnectionKey key, Optional<Side> side) {
    boolean original = side.filter(Side.ORIGINAL::equals).isPresent();
    return switch (key) {
      case DIRECTION -> Optional.of(Bytes.of(situation.isBack() ? 1 : 0));
      case PROTOCOL -> byteOf(protocol);
      case SOURCE_PORT -> portOf(original ? openerPort : port);
      case SOURCE_IPV4 -> address(Family.IPV4, original);
      case SOURCE_IPV6 -> address(Family.IPV6, original);
      default -> throw new IllegalArgumentException("not known: " + key);
    };
  }

  private Optional<Bytes> address(Family of, boolean original) {
    return of == family() ? Optional.of(bytes(original ? opener : destination)) : Optional.empty();
  }

  private static Bytes bytes(Address address) {
    return Bytes.copyOf(address.bytes());
  }

  private Optional<Bytes> payload(Header header, int offset, int length) {
    if (header == Header.NETWORK) {
      // What comes behind the header, zeros stand for.
      byte[] all = Arrays.copyOf(head(), Math.max(40, offset + length));
      return Optional.of(Bytes.copyOf(Arrays.copyOfRange(all, offset, offset + length)));
    }
    if (header == Header.TRANSPORT) {
      Supplier<Optional<Bytes>> first = () -> portOf(situation.isBack() ? port : openerPort);
      Supplier<Optional<Bytes>> second = () -> portOf(situation.isBack() ? openerPort : port);
      if (length == 1) {
        return offset == 0 ? byteOf(type) : byteOf(flags);
      }
      return offset == 0 ? first.get() : second.get();
    }
    throw new IllegalArgumentException("not known: " + header + " " + offset + "," + length);
  }

  /// The IP header, as far as anybody looks.
  private byte[] head() {
    boolean v4 = family() == Family.IPV4;
    byte[] out = new byte[v4 ? 20 : 40];
    int number = Math.max(0, headerProtocol().map(one -> one.at(0)).orElse(0));
    out[v4 ? 8 : 7] = (byte) hopLimit;
    out[v4 ? 9 : 6] = (byte) number;
    byte[] ends = sender().then(receiver()).toArray();
    System.arraycopy(ends, 0, out, v4 ? 12 : 8, ends.length);
    return out;
  }

  private Bytes sender() {
    if (situation.isError()) {
      return bytes(errorFrom);
    }
    return bytes(situation.isBack() ? destination : opener);
  }

  private Bytes receiver() {
    if (situation.isError()) {
      return bytes(errorTo);
    }
    return bytes(situation.isBack() ? opener : destination);
  }
}
