package dev.ringfence.nftables.netlink;

import java.util.List;
import java.util.Optional;

/// A chain, with or without a hook.
///
/// @param name at most 127 bytes, no keyword of `nft` (such as `fwd`)
public record NftChain(TableName table, String name, Optional<Base> base) {
  public static NftChain regular(TableName table, String name) {
    return new NftChain(table, name, Optional.empty());
  }

  public static NftChain base(
      TableName table, String name, Hook hook, int priority, List<String> devices) {
    return new NftChain(table, name, Optional.of(new Base(hook, priority, true, devices)));
  }

  /// Where packets enter.
  ///
  /// @param priority 0 is `filter`: after DNAT, before SNAT
  /// @param accepts the policy: what falls off the end
  /// @param devices for [Hook#INGRESS] and [Hook#EGRESS] alone, at least one
  public record Base(Hook hook, int priority, boolean accepts, List<String> devices) {
    public Base {
      devices = List.copyOf(devices);
      if (hook.isOfDevice() == devices.isEmpty()) {
        throw new IllegalArgumentException(hook + " with the devices " + devices);
      }
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
