package dev.ringfence.nftables.netlink;

/// A table.
///
/// @param owned only the socket that made it may change it; without `persistent` it ends with that
///   socket
/// @param persistent stays when its owner's socket closes; from Linux 6.9 on
/// @param comment cut to 127 bytes; fixed when the table is made
public record NftTable(TableName name, boolean owned, boolean persistent, String comment) {
  public NftTable {
    comment = UserData.fitting(comment);
  }

  static final int OWNER = 2;
  static final int PERSIST = 4;

  public static NftTable plain(TableName name, String comment) {
    return new NftTable(name, false, false, comment);
  }

  int flags() {
    return (owned ? OWNER : 0) | (persistent ? PERSIST : 0);
  }
}
