package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.route.BridgeSettings;
import dev.ringfence.nftables.route.PodWires;
import dev.ringfence.nftables.route.RouteWatch;
import dev.ringfence.nftables.route.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The wires of this node's pods, worked out again only where a pod or what the kernel knows of the
/// ways to pods has changed. Used by one thread at a time.
public final class LocalWires implements AutoCloseable {
  private final RouteWatch watch;
  private List<LocalPod> pods = List.of();
  private Map<ObjectName, Known> known = Map.of();
  private Wires wires = Wires.NONE;

  /// Where a pod with these addresses was found.
  private record Known(List<Address> addresses, Wire wire) {}

  private LocalWires(RouteWatch watch) {
    this.watch = watch;
  }

  /// Watches the network namespace of the calling thread.
  public static LocalWires open() {
    return new LocalWires(RouteWatch.open());
  }

  /// The wires of these pods; the same object as the last time where nothing is otherwise.
  ///
  /// A wire once found stays known as long as it is there: on a bridge the neighbour table tells,
  /// whose entries come and go, and a pod that no longer answers must not lose its guard by that.
  @SuppressWarnings("ReferenceEquality") // the engine publishes the list anew only after a change
  public Wires of(List<LocalPod> now) {
    boolean news = watch.hear();
    if (news || now != pods) {
      pods = now;
      look();
    }
    return wires;
  }

  private void look() {
    PodWires found = watch.wires();
    Map<ObjectName, Known> next = HashMap.newHashMap(pods.size());
    Map<ObjectName, Wire> byPod = HashMap.newHashMap(pods.size());
    for (LocalPod pod : pods) {
      Optional<Wire> wire = wire(pod, found);
      if (wire.isPresent()) {
        next.put(pod.name(), new Known(pod.addresses(), wire.get()));
        byPod.put(pod.name(), wire.get());
      }
    }
    known = next;
    if (!byPod.equals(wires.byPod())) {
      wires = new Wires(byPod);
    }
  }

  private Optional<Wire> wire(LocalPod pod, PodWires found) {
    for (Address address : pod.addresses()) {
      Optional<Wire> wire = found.of(address);
      if (wire.isPresent()) {
        return wire;
      }
    }
    Known before = known.get(pod.name());
    return before != null && before.addresses().equals(pod.addresses())
        ? Optional.of(before.wire()).filter(found::isThere)
        : Optional.empty();
  }

  /// Why the node must not count as ready: settings without which bridged pods are not protected.
  /// Empty where all is well, or no pod is on a bridge.
  public List<String> notReady() {
    boolean bridged = wires.byPod().values().stream().anyMatch(Wire::bridged);
    return bridged ? BridgeSettings.missing() : List.of();
  }

  /// How often everything had to be listed.
  public long looks() {
    return watch.looks();
  }

  @Override
  public void close() {
    watch.close();
  }
}
