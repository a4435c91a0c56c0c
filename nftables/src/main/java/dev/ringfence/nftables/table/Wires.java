package dev.ringfence.nftables.table;

import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.route.Wire;
import java.util.HashMap;
import java.util.Map;

/// The interface of each local pod, as far as it is known; a pod without one is not guarded.
///
/// @param deliveries whether the kernel lets us look at what leaves by an interface (since Linux
///   5.16); where it does not, nothing that a bridge delivers to a pod is held back
public record Wires(Map<ObjectName, Wire> byPod, boolean deliveries) {
  public static final Wires NONE = new Wires(Map.of());

  public Wires {
    byPod = Map.copyOf(byPod);
  }

  public Wires(Map<ObjectName, Wire> byPod) {
    this(byPod, true);
  }

  /// Whether some interface has been taken away since, and there is another of that name.
  boolean renews(Wires before) {
    if (byPod.equals(before.byPod)) {
      return false;
    }
    Map<String, Wire> had = new HashMap<>();
    before.byPod.values().forEach(wire -> had.put(wire.interfaceName(), wire));
    return byPod.values().stream()
        .anyMatch(wire -> wire.isAnotherThan(had.getOrDefault(wire.interfaceName(), wire)));
  }
}
