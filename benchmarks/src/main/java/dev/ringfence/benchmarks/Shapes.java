package dev.ringfence.benchmarks;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import java.util.Map;

/// The tables that are compared: what a node of each kind holds.
final class Shapes {
  private Shapes() {}

  /// Conntrack is on, and nothing is judged: what every enforcer pays at least.
  static void trackingOnly(Rig rig) {
    rig.nft(
        """
        table inet tracking {
          chain forward {
            type filter hook forward priority filter; policy accept;
            ct state invalid drop
          }
        }
        """);
  }

  /// One rule a permitted triple, asked one after the other; the last one permits.
  ///
  /// @param established whether packets of known connections skip the chain, as iptables shapes do
  static void linear(Rig rig, int rules, boolean established) {
    StringBuilder script = new StringBuilder();
    script.append(
        """
        table inet linear {
          chain forward {
            type filter hook forward priority filter; policy drop;
        """);
    script.append(established ? "    ct state established,related accept\n" : "");
    for (int i = 1; i < rules; i++) {
      script.append("    ip saddr 10.20.%d.%d tcp dport 8080 accept\n".formatted(i / 250, i % 250));
    }
    script.append("    ip saddr %s tcp dport 8080 accept\n".formatted(Rig.CLIENT));
    script.append(established ? "" : "    ip saddr %s accept\n".formatted(Rig.SERVER));
    script.append("  }\n}\n");
    rig.nft(script.toString());
  }

  /// Our table for so many policies over 20,000 pods, a hundred of them here.
  static void ours(Rig rig, int policies, boolean guarded) {
    ShopTown town = ShopTown.of(20_000, policies);
    NodePolicy policy =
        PolicyEngine.compile(town.policies(), town.snapshot()).forNode(ShopTown.NODE);
    Wires wires =
        guarded
            ? new Wires(
                Map.of(
                    new ObjectName("town-0", "pod-0"), Wire.routed("rfclient"),
                    new ObjectName("town-0", "pod-1"), Wire.routed("rfserver")))
            : Wires.NONE;
    rig.onNode(() -> {
      try (NftablesDataplane dataplane =
          NftablesDataplane.open(DataplaneOptions.STANDARD.withTableOwner(false))) {
        return dataplane.apply(policy, wires, 1);
      }
    });
  }
}
