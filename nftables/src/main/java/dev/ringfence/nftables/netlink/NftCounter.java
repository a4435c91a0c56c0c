package dev.ringfence.nftables.netlink;

/// A named counter, without its values.
public record NftCounter(TableName table, String name) implements NftObject {
  static final int TYPE = 1;

  @Override
  public String called() {
    return "counter " + table + " " + name;
  }

  /// What it counted so far.
  public record Value(String name, long packets, long bytes) {}
}
