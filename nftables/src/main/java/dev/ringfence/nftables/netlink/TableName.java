package dev.ringfence.nftables.netlink;

/// Which table: its family and its name.
public record TableName(NftFamily family, String name) implements NftObject {
  @Override
  public String called() {
    return "table " + this;
  }

  /// `inet ringfence`.
  @Override
  public String toString() {
    return family + " " + name;
  }
}
