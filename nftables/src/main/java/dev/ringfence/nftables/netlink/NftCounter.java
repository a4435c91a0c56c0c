package dev.ringfence.nftables.netlink;

/// A named counter, without its values.
public record NftCounter(TableName table, String name) {
  static final int TYPE = 1;

  /// What it counted so far.
  public record Value(String name, long packets, long bytes) {}
}
