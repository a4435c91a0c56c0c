package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.linux.Errno;

/// Whether this kernel has tables that belong to one socket and outlive it (since Linux 6.9). Where
/// it has none, nobody owns ours: `OlderKernelsTest` tries that on every kernel.
public final class OwnedTables {
  private OwnedTables() {}

  /// Asks the kernel, in a namespace of its own.
  public static boolean areTaken() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      return scratch.inside(OwnedTables::isOneTaken);
    }
  }

  private static boolean isOneTaken() {
    try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
      Batch batch = new Batch();
      batch.add(new NftTable(new TableName(NftFamily.INET, "rf-test"), true, true, ""));
      socket.transact(batch);
      return true;
    } catch (KernelRefused refused) {
      if (refused.errno() == Errno.EOPNOTSUPP || refused.errno() == Errno.EINVAL) {
        return false;
      }
      throw refused;
    }
  }
}
