package dev.ringfence.nftables.table;

/// What an administrator may choose.
///
/// @param tableOwner nobody else may edit the tables, where the kernel can do that (6.9)
/// @param denial what becomes of a denied packet
/// @param ownNodeEgress a pod may always reach its own node (S98)
/// @param logGroup netlink group that hears of denied packets
/// @param established what becomes of connections that a change denies
public record DataplaneOptions(
    boolean tableOwner,
    Denial denial,
    boolean ownNodeEgress,
    int logGroup,
    Established established) {
  public static final DataplaneOptions STANDARD =
      new DataplaneOptions(true, Denial.DROP, false, 5242);

  /// How a packet is denied.
  public enum Denial {
    DROP,
    /// The sender gets an ICMP error; a TCP reset would have to pass for the peer's.
    REJECT
  }

  /// With connections that are cut by a change.
  public DataplaneOptions(boolean tableOwner, Denial denial, boolean ownNodeEgress, int logGroup) {
    this(tableOwner, denial, ownNodeEgress, logGroup, Established.CUT);
  }

  public DataplaneOptions withTableOwner(boolean on) {
    return new DataplaneOptions(on, denial, ownNodeEgress, logGroup, established);
  }

  public DataplaneOptions with(Established other) {
    return new DataplaneOptions(tableOwner, denial, ownNodeEgress, logGroup, other);
  }
}
