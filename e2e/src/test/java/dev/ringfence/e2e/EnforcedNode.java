package dev.ringfence.e2e;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.lab.netns.PinnedThread;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.route.PodWires;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NftablesDataplane;
import dev.ringfence.nftables.table.Wires;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One node's tables, kept by a dataplane on a thread inside the node's namespace.
final class EnforcedNode implements AutoCloseable {
  /// Tests take rules out by hand, so nobody owns the tables.
  static final DataplaneOptions OPEN_TO_EDITS = DataplaneOptions.STANDARD.withTableOwner(false);

  private static final Pattern HANDLE = Pattern.compile("# handle ([0-9]+)");

  private final Space space;
  private final PinnedThread thread;
  private final NftablesDataplane dataplane;
  private final Map<ObjectName, Wire> wires = new HashMap<>();
  private long generation;

  private EnforcedNode(Space space, PinnedThread thread, NftablesDataplane dataplane) {
    this.space = space;
    this.thread = thread;
    this.dataplane = dataplane;
  }

  static EnforcedNode in(Space space, DataplaneOptions options) throws Exception {
    PinnedThread thread = PinnedThread.in(space.name());
    return new EnforcedNode(space, thread, thread.call(() -> NftablesDataplane.open(options)));
  }

  /// Brings the node to this policy.
  ///
  /// @param owners who has which address; only asked where connections are kept
  /// @param guarded whether the pods' wires are known, and so guarded
  Applied apply(NodePolicy policy, Owners owners, boolean guarded) throws Exception {
    generation++;
    return thread.call(() -> {
      look(policy);
      return dataplane.apply(policy, guarded ? new Wires(wires) : Wires.NONE, owners, generation);
    });
  }

  /// Finds wires as an agent does, each once: while a bridge is unguarded, pods can make the node
  /// believe that others are behind their wire.
  private void look(NodePolicy policy) {
    try (NetlinkSocket socket = NetlinkSocket.route()) {
      PodWires found = PodWires.look(socket);
      for (NodePolicy.LocalPod pod : policy.pods()) {
        if (!wires.containsKey(pod.name())) {
          found.of(pod.addresses().getFirst()).ifPresent(wire -> wires.put(pod.name(), wire));
        }
      }
    }
  }

  /// Takes out by hand every rule of a chain that reads like this.
  ///
  /// @throws IllegalStateException if there is none
  void withoutRules(String chain, String text) {
    List<String> handles =
        space
            .run("nft", "-a", "list", "chain", "inet", "ringfence", chain)
            .lines()
            .filter(line -> line.contains(text))
            .map(HANDLE::matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .toList();
    if (handles.isEmpty()) {
      throw new IllegalStateException("no rule with '" + text + "' in chain " + chain);
    }
    handles.forEach(
        handle -> space.run("nft", "delete", "rule", "inet", "ringfence", chain, "handle", handle));
  }

  /// How many packets the table denied so far, for whatever reason.
  long denied() throws Exception {
    return thread.call(() -> dataplane.denied().stream().mapToLong(one -> one.packets()).sum());
  }

  /// Takes the tables away; everything may pass.
  void remove() throws Exception {
    thread.call(() -> {
      dataplane.remove();
      return true;
    });
  }

  @Override
  public void close() {
    dataplane.close();
    thread.close();
  }
}
