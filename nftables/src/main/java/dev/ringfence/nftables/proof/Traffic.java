package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import java.util.Optional;

/// What packets at some place look like.
interface Traffic {
  Space space();

  /// Where a load finds its value.
  ///
  /// @param load its register is of no interest
  Source find(Expression load, int length, int situation);

  /// The packets there can be, once the space is settled.
  Iterable<Region> everything();

  /// The bits of a connection's mark that say it was accepted; empty where marks say nothing.
  default Optional<Bytes> accepted() {
    return Optional.empty();
  }

  /// One packet of a region.
  SamplePacket sample(Region region);
}
