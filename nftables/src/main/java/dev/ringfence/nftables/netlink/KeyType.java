package dev.ringfence.nftables.netlink;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.nio.charset.StandardCharsets;

/// What a set's keys are; the kernel stores the number only so that `nft` prints them readably.
public enum KeyType {
  INTEGER(4, 4),
  IPV4(7, 4),
  IPV6(8, 16),
  ETHERNET(9, 6),
  PROTOCOL(12, 1),
  PORT(13, 2),
  MARK(19, 4),
  INTERFACE(41, 16);

  private final int number;
  private final int length;

  KeyType(int number, int length) {
    this.number = number;
    this.length = length;
  }

  /// Of `nft`'s list of data types.
  int number() {
    return number;
  }

  /// Bytes of one key.
  public int length() {
    return length;
  }

  /// Bytes it takes where it is one field of several.
  public int paddedLength() {
    return (length + 3) & ~3;
  }

  /// The type of an address.
  public static KeyType of(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  static KeyType of(int number) {
    for (KeyType one : values()) {
      if (one.number == number) {
        return one;
      }
    }
    return INTEGER;
  }

  boolean isNetworkOrder() {
    return this != MARK && this != INTERFACE;
  }

  String print(byte[] key) {
    return switch (this) {
      case IPV4, IPV6 -> Address.ofBytes(key).toString();
      case PORT -> Integer.toString((key[0] & 0xFF) << 8 | (key[1] & 0xFF));
      case PROTOCOL -> Integer.toString(key[0] & 0xFF);
      case INTERFACE -> new String(key, StandardCharsets.UTF_8).replace("\0", "");
      case INTEGER, ETHERNET, MARK -> Bytes.copyOf(key).toString();
    };
  }
}
