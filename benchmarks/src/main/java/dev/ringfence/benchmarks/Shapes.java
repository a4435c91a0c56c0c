package dev.ringfence.benchmarks;

import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import java.util.Map;
import java.util.stream.Collectors;

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
    script.append(
        "    ip saddr %s meta l4proto { tcp, udp } th dport 8080 accept\n".formatted(Rig.CLIENT));
    script.append(established ? "" : "    ip saddr %s accept\n".formatted(Rig.SERVER));
    script.append("  }\n}\n");
    rig.nft(script.toString());
  }

  /// Our table for so many policies over 20,000 pods, a hundred of them here.
  static void ours(Rig rig, int policies, boolean guarded) {
    ours(rig, policies, guarded, Established.CUT);
  }

  /// The same, where connections that a change denies are cut or kept.
  static void ours(Rig rig, int policies, boolean guarded, Established established) {
    ShopTown town = ShopTown.of(20_000, policies);
    CompiledPolicy compiled =
        new PolicyEngine().watchingOwners().apply(Changes.from(town.policies(), town.snapshot()));
    Wires wires =
        guarded
            ? new Wires(
                Map.of(
                    new ObjectName("town-0", "pod-0"), Wire.routed("rfclient"),
                    new ObjectName("town-0", "pod-1"), Wire.routed("rfserver")))
            : Wires.NONE;
    program(rig, compiled.forNode(ShopTown.NODE), wires, compiled.owners(), established);
  }

  /// Our table for so many policies that select the server.
  static void ours(Rig rig, Crowd crowd) {
    NodePolicy policy =
        PolicyEngine.compile(crowd.compiled(), crowd.snapshot()).forNode(Crowd.NODE);
    Wires wires = new Wires(Map.of(new ObjectName("crowd", "server"), Wire.routed("rfserver")));
    program(rig, policy, wires, Owners.NOBODY, Established.CUT);
  }

  private static void program(
      Rig rig, NodePolicy policy, Wires wires, Owners owners, Established established) {
    rig.onNode(() -> {
      try (NftablesDataplane dataplane =
          NftablesDataplane.open(
              DataplaneOptions.STANDARD.withTableOwner(false).with(established))) {
        return dataplane.apply(policy, wires, owners, 1);
      }
    });
  }

  /// A chain a policy, which marks what it admits, and a chain a pod that asks each of them:
  /// established connections pass unasked.
  static void policyChains(Rig rig, Crowd crowd) {
    StringBuilder script = new StringBuilder("table inet chains {\n");
    StringBuilder pod = new StringBuilder();
    for (int policy = 0; policy < crowd.policies(); policy++) {
      script
          .append(set(crowd, policy))
          .append("  chain policy_%d {\n".formatted(policy))
          .append(
              "    %s meta mark set meta mark or 0x10000 return\n".formatted(match(crowd, policy)))
          .append("  }\n");
      pod.append("    jump policy_%d\n".formatted(policy))
          .append("    meta mark and 0x10000 == 0x10000 return\n");
    }
    rig.nft(script + podChain(pod.toString()) + "}\n");
  }

  /// A chain a pod with one rule and one set a policy: established connections pass unasked.
  static void podChain(Rig rig, Crowd crowd) {
    StringBuilder script = new StringBuilder("table inet chains {\n");
    StringBuilder pod = new StringBuilder();
    for (int policy = 0; policy < crowd.policies(); policy++) {
      script.append(set(crowd, policy));
      pod.append("    %s return\n".formatted(match(crowd, policy)));
    }
    rig.nft(script + podChain(pod.toString()) + "}\n");
  }

  private static String set(Crowd crowd, int policy) {
    String peers =
        crowd.peers(policy).stream().map(Address::toString).collect(Collectors.joining(", "));
    return "  set peers_%d { type ipv4_addr; elements = { %s } }\n".formatted(policy, peers);
  }

  private static String match(Crowd crowd, int policy) {
    return "ip saddr @peers_%d meta l4proto { tcp, udp } th dport %d"
        .formatted(policy, crowd.port(policy));
  }

  private static String podChain(String rules) {
    return """
      chain pod {
    %s    drop
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        ct state established,related accept
        ip daddr vmap { %s : jump pod }
      }
    """
        .formatted(rules, Rig.SERVER);
  }
}
