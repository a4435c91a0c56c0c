package dev.ringfence.nftables.table;

import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.route.Wire;
import java.util.Map;

/// The interface of each local pod, as far as it is known; a pod without one is not guarded.
public record Wires(Map<ObjectName, Wire> byPod) {
  public static final Wires NONE = new Wires(Map.of());

  public Wires {
    byPod = Map.copyOf(byPod);
  }
}
