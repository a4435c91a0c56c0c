package dev.ringfence.nftables.netlink;

import dev.ringfence.core.model.Family;
import java.util.Optional;
import java.util.OptionalInt;

/// One step of a rule: loads something, compares it, or acts.
///
/// Loads go to register 1 unless a rule joins several fields; a step that does not match ends the
/// rule.
public sealed interface Expression {
  /// The register of rules that load one thing at a time.
  int REGISTER = 1;

  /// What the kernel knows of the packet.
  record Meta(MetaKey key, int register) implements Expression {}

  /// Bytes of the packet; does not match where the packet is too short or has no such header.
  record Payload(Header header, int offset, int length, int register) implements Expression {}

  /// What the packet's connection says; does not match where there is none.
  record Connection(ConnectionKey key, Optional<Side> side, int register) implements Expression {}

  /// The routing table's word on an address: its type, such as local.
  record AddressKind(boolean source, int register) implements Expression {}

  record Compare(int register, Operator operator, Bytes value) implements Expression {}

  /// The register's bits under a mask.
  record Mask(int register, Bytes mask) implements Expression {}

  /// The register with these bits set and the others as they are.
  record Bits(int register, Bytes bits) implements Expression {}

  /// Tells the packet's connection something; nothing happens where there is none.
  record Tell(ConnectionKey key, int register) implements Expression {}

  /// The register's value is, or is not, in a set.
  record InSet(String set, int register, boolean inverted) implements Expression {}

  /// The verdict that a map has for the register's value; without one the rule does not match.
  record ByMap(String map, int register) implements Expression {}

  record Judge(Verdict verdict) implements Expression {}

  /// Counts in the rule itself; values are no part of the rule.
  record Counter() implements Expression {}

  record NamedCounter(String name) implements Expression {}

  /// Matches at most so often.
  record Limit(long rate, long perSeconds, int burst) implements Expression {}

  /// Sends the packet's first bytes to a netlink group.
  record Log(int group, int bytes, String prefix) implements Expression {}

  record Reject(RejectWith with) implements Expression {}

  /// Puts a value into a register.
  record Load(int register, Bytes value) implements Expression {}

  /// Gives the connection another source or destination; only where a chain of type `nat` leads.
  ///
  /// @param address the register that holds the address
  /// @param port the register that holds the port, if that changes too
  record Translate(Translation what, Family family, int address, OptionalInt port)
      implements Expression {}

  /// Something in the kernel that we never write.
  record Foreign(String name) implements Expression {}

  /// Keys of [Meta]; those of two bytes are in network order.
  enum MetaKey implements Numbered {
    ETHER_TYPE(1),
    INPUT_INTERFACE_NAME(6),
    OUTPUT_INTERFACE_NAME(7),
    /// The kind of link, in native order; 1 is Ethernet.
    INPUT_LINK_TYPE(8),
    FAMILY(15),
    PROTOCOL(16);

    private final int number;

    MetaKey(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// Where [Payload] counts from.
  enum Header implements Numbered {
    LINK(0),
    NETWORK(1),
    TRANSPORT(2);

    private final int number;

    Header(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// Which way of a connection: as it was opened, or back.
  enum Side implements Numbered {
    ORIGINAL(0),
    REPLY(1);

    private final int number;

    Side(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// Keys of [Connection].
  enum ConnectionKey implements Numbered {
    /// Bits: invalid 1, established 2, related 4, new 8, untracked 64; native order.
    STATE(0),
    DIRECTION(1),
    STATUS(2),
    MARK(3),
    PROTOCOL(10),
    SOURCE_PORT(11),
    DESTINATION_PORT(12),
    SOURCE_IPV4(19),
    DESTINATION_IPV4(20),
    SOURCE_IPV6(21),
    DESTINATION_IPV6(22);

    private final int number;

    ConnectionKey(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// How [Compare] compares, unsigned and in memory order.
  enum Operator implements Numbered {
    EQUAL(0),
    NOT_EQUAL(1),
    LESS(2),
    LESS_OR_EQUAL(3),
    GREATER(4),
    GREATER_OR_EQUAL(5);

    private final int number;

    Operator(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// What [Translate] changes.
  enum Translation implements Numbered {
    SOURCE(0),
    DESTINATION(1);

    private final int number;

    Translation(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /// What [Reject] answers with.
  enum RejectWith {
    TCP_RESET,
    PORT_UNREACHABLE,
    ADMIN_PROHIBITED
  }
}
