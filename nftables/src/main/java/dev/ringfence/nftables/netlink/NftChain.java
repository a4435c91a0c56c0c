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
  /// @param devices for [Hook#INGRESS] alone, at least one
  public record Base(Hook hook, int priority, boolean accepts, List<String> devices) {
    public Base {
      devices = List.copyOf(devices);
      if ((hook == Hook.INGRESS) == devices.isEmpty()) {
        throw new IllegalArgumentException(hook + " with the devices " + devices);
      }
    }
  }

  /// A hook, with the number it has in the families that have it.
  public enum Hook implements Numbered {
    PREROUTING(0),
    INPUT(1),
    FORWARD(2),
    OUTPUT(3),
    POSTROUTING(4),
    INGRESS(0);

    private final int number;

    Hook(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }

    static Hook of(int number, NftFamily family) {
      return family == NftFamily.NETDEV
          ? INGRESS
          : Numbered.find(values(), number)
              .orElseThrow(() -> new IllegalArgumentException("hook " + number));
    }
  }
}
