package dev.ringfence.nftables.netlink;

import java.util.List;
import java.util.Optional;

/// A chain, with or without a hook.
///
/// @param name at most 127 bytes, no keyword of `nft` (such as `fwd`)
public record NftChain(TableName table, String name, Optional<Base> base) implements NftObject {
  @Override
  public String called() {
    return "chain " + table + " " + name;
  }

  public static NftChain regular(TableName table, String name) {
    return new NftChain(table, name, Optional.empty());
  }

  public static NftChain base(
      TableName table, String name, Hook hook, int priority, List<String> devices) {
    return new NftChain(
        table, name, Optional.of(new Base(hook, priority, true, devices, Type.FILTER)));
  }

  /// A chain that sees the first packet of each connection and may translate its addresses.
  public static NftChain translating(TableName table, String name, Hook hook, int priority) {
    return new NftChain(
        table, name, Optional.of(new Base(hook, priority, true, List.of(), Type.NAT)));
  }

  /// Where packets enter.
  ///
  /// @param priority 0 is `filter`: after DNAT, before SNAT
  /// @param accepts the policy: what falls off the end
  /// @param devices for [Hook#INGRESS] and [Hook#EGRESS] alone, at least one
  public record Base(Hook hook, int priority, boolean accepts, List<String> devices, Type type) {
    public Base {
      devices = List.copyOf(devices);
      if (hook.isOfDevice() == devices.isEmpty()) {
        throw new IllegalArgumentException(hook + " with the devices " + devices);
      }
    }
  }

  /// What a base chain may do.
  public enum Type {
    FILTER("filter"),
    NAT("nat"),
    ROUTE("route");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    static Type of(String text) {
      for (Type one : values()) {
        if (one.text.equals(text)) {
          return one;
        }
      }
      throw new IllegalArgumentException("chain of type " + text);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A hook, with the number it has in the families that have it.
  public enum Hook {
    PREROUTING(0),
    INPUT(1),
    FORWARD(2),
    OUTPUT(3),
    POSTROUTING(4),
    INGRESS(0),
    /// What leaves by a device, from Linux 5.16 on.
    EGRESS(1);

    private final int number;

    Hook(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /// Whether it is a device's, not a protocol family's.
    boolean isOfDevice() {
      return this == INGRESS || this == EGRESS;
    }

    static Hook of(int number, NftFamily family) {
      for (Hook one : values()) {
        if (one.number == number && one.isOfDevice() == (family == NftFamily.NETDEV)) {
          return one;
        }
      }
      throw new IllegalArgumentException("hook " + number + " of " + family);
    }
  }
}
