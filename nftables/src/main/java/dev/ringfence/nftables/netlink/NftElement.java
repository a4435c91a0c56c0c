package dev.ringfence.nftables.netlink;

import java.util.Optional;

/// One element of a set or map.
///
/// In an interval set of one field a range is two elements: its first key, and the key after its
/// last, marked as the end of an interval.
///
/// @param lastKey the last key of a range; only where keys are concatenations
public record NftElement(
    Bytes key, Optional<Bytes> lastKey, boolean endsInterval, Optional<Data> data) {
  static final int INTERVAL_END = 1;

  /// What a map's key leads to.
  public sealed interface Data {
    record ToVerdict(Verdict verdict) implements Data {}

    record ToValue(Bytes value) implements Data {}
  }

  public static NftElement of(Bytes key) {
    return new NftElement(key, Optional.empty(), false, Optional.empty());
  }

  public static NftElement of(Bytes key, Verdict verdict) {
    return new NftElement(key, Optional.empty(), false, Optional.of(new Data.ToVerdict(verdict)));
  }

  public static NftElement endOfInterval(Bytes keyAfterLast) {
    return new NftElement(keyAfterLast, Optional.empty(), true, Optional.empty());
  }

  public static NftElement concatenatedRange(Bytes first, Bytes last) {
    return new NftElement(first, Optional.of(last), false, Optional.empty());
  }
}
