package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;

/// The tables of a policy, without a kernel.
public final class Programmed {
  private Programmed() {}

  public static NodeTable of(NodePolicy policy, Wires wires, DataplaneOptions options) {
    return NodeTable.of(
        policy,
        new GuardTable(policy, wires, GuardTable.Unavailable.NOTHING),
        options,
        1,
        NodeTable.empty(false),
        new Renderings());
  }
}
