package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import java.util.Optional;
import java.util.Set;

/// The tables of a policy, without a kernel.
public final class Programmed {
  private Programmed() {}

  public static NodeTable of(NodePolicy policy, Wires wires, DataplaneOptions options) {
    return of(policy, wires, options, Set.of());
  }

  /// The same, with addresses that have changed hands, where connections are kept.
  public static NodeTable of(
      NodePolicy policy, Wires wires, DataplaneOptions options, Set<Address> anew) {
    return NodeTable.of(
        policy,
        new GuardTable(policy, wires, GuardTable.Unavailable.NOTHING),
        options.established() instanceof Established.Keep
            ? Optional.of(new Memory(AddressSet.EMPTY, AddressSet.of(anew)))
            : Optional.empty(),
        options,
        1,
        NodeTable.empty(false),
        new Renderings());
  }
}
