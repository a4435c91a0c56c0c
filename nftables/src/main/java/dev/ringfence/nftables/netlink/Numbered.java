package dev.ringfence.nftables.netlink;

import java.util.Optional;

/// A constant that the kernel knows by a number.
interface Numbered {
  int number();

  static <N extends Numbered> Optional<N> find(N[] all, int number) {
    for (N one : all) {
      if (one.number() == number) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
