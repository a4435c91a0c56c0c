package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.route.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Keeps one node's tables in the kernel at what they should be.
///
/// Every change is one transaction that holds only what differs; the kernel has the old policy or
/// the new. Chains and sets that are new are put there by another one before, unused. Rules outlive
/// this object: closing it leaves them, [#remove] does not. Used by one thread at a time.
public final class NftablesDataplane implements AutoCloseable {
  private final DataplaneOptions options;
  private final HeldTables kernel;

  /// What is in force, to explain it, to restore it and to work out the next from it.
  private Plan plan;

  private NftablesDataplane(NetlinkSocket socket, DataplaneOptions options) {
    this.options = options;
    this.kernel = new HeldTables(socket, options.tableOwner());
    this.plan = Plan.from(options, kernel.now());
  }

  /// Opens the network namespace of the calling thread, and starts from the tables it finds there.
  public static NftablesDataplane open(DataplaneOptions options) {
    return over(NetlinkSocket.netfilter(), options);
  }

  /// Over a socket that may lead to another kernel than this one; it is closed with the dataplane.
  static NftablesDataplane over(NetlinkSocket socket, DataplaneOptions options) {
    try {
      return new NftablesDataplane(socket, options);
    } catch (RuntimeException failed) {
      socket.close();
      throw failed;
    }
  }

  /// Brings the kernel to this policy.
  ///
  /// @param generation counts up from 1; stands in the table, modulo 2^32
  /// @throws KernelRefused naming the element; what was in force stays in force, under other names
  ///   where tables that could not be changed were being replaced (decision 0008)
  public Applied apply(NodePolicy policy, Wires wires, long generation) {
    long began = System.nanoTime();
    OptionalLong was = kernel.now().generation();
    Applied applied = bring(policy, wires, generation);
    // The mark of the generation is not one of the policy's elements.
    boolean marked = was.isEmpty() || (int) was.getAsLong() != (int) generation;
    return applied.finished(
        (System.nanoTime() - began) / 1000, plan.unguarded(), marked, marked && was.isPresent());
  }

  private Applied bring(NodePolicy policy, Wires wires, long generation) {
    NodeTable expected = kernel.now();
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      // Somebody changed what we hold, or an interface took its chain along: once more.
      if (!kernel.isWorthAnotherTry(refused, expected)) {
        throw refused;
      }
    }
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      // It holds what we cannot see: all of it anew.
      return replace(policy, wires, generation, refused);
    }
  }

  private Applied replace(NodePolicy policy, Wires wires, long generation, KernelRefused after) {
    if (!HeldTables.isStale(after)) {
      throw after;
    }
    kernel.startAnew();
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      kernel.look();
      throw refused;
    }
  }

  private Applied tryTo(NodePolicy policy, Wires wires, long generation) {
    GuardTable.Unavailable unavailable = plan.unavailable(wires);
    NodeTable before = kernel.now();
    while (true) {
      Plan next = plan.next(policy, wires, unavailable, generation);
      try {
        Applied applied = kernel.become(next.table());
        plan = next;
        return applied;
      } catch (KernelRefused refused) {
        GuardTable.Unavailable more = leaveOut(refused, wires, unavailable);
        if (more.equals(unavailable)) {
          kernel.retreat(before);
          throw refused.wantedBy(Origin.of(policy, wires, next.table().policy(), refused));
        }
        unavailable = more;
      }
    }
  }

  /// Where the kernel lacks the interface or the hook of a guard, that guard is left out.
  private static GuardTable.Unavailable leaveOut(
      KernelRefused refused, Wires wires, GuardTable.Unavailable so) {
    boolean gone = refused.errno() == Errno.ENOENT;
    if ((!gone && !tooOld(refused))
        || !refused.request().startsWith("add chain ")
        || !(refused.object().orElse(null) instanceof NftChain chain)) {
      return so;
    }
    for (Wire wire : wires.byPod().values()) {
      String name = wire.interfaceName();
      if (chain.name().equals(Names.delivery(name)) && !gone) {
        return so.andEgressHook();
      }
      if (chain.name().equals(Names.guard(name)) || chain.name().equals(Names.delivery(name))) {
        return so.and(name);
      }
    }
    return so;
  }

  private static boolean tooOld(KernelRefused refused) {
    return refused.errno() == Errno.EOPNOTSUPP || refused.errno() == Errno.EINVAL;
  }

  /// Reads the kernel back, if anybody changed any table since, and puts right whatever differs
  /// from what was applied last.
  ///
  /// @return how many elements, chains and sets differed; 0 before the first [#apply]
  public int repair() {
    if (plan.of().isEmpty()) {
      return 0;
    }
    Plan.Source now = plan.of().get();
    int differences = 0;
    if (!kernel.isUntouched()) {
      NodeTable expected = kernel.now();
      kernel.look();
      differences = Comparison.count(expected, kernel.now());
    }
    // A wire that was gone may be there again, under the same name.
    boolean whole = kernel.isSettled() && now.unavailable().wires().isEmpty();
    if (differences > 0 || !whole) {
      Plan before = plan;
      plan = plan.forgettingWhatWasGone();
      try {
        apply(now.policy(), now.wires(), now.generation());
      } catch (RuntimeException failed) {
        plan = before;
        throw failed;
      }
    }
    return differences;
  }

  /// What the kernel holds now; empty if our tables are not there or not of this layout.
  public Optional<NodeTable> readBack() {
    return kernel.readBack();
  }

  /// What has to be guarded of these wires: all that the kernel did not turn out to be without.
  public Wires guarded(Wires wires) {
    GuardTable.Unavailable lacking = plan.unavailable(wires);
    Map<ObjectName, Wire> out = new HashMap<>(wires.byPod());
    out.values().removeIf(wire -> lacking.wires().contains(wire.interfaceName()));
    return new Wires(out, !lacking.egressHook());
  }

  /// What was last applied, or was found by the last look.
  public NodeTable held() {
    return kernel.now();
  }

  /// How much is programmed; costs a walk over names, not over members.
  public Sizes sizes() {
    return Sizes.of(kernel.now());
  }

  /// Whether nobody else may edit the tables.
  public boolean owned() {
    return kernel.owned();
  }

  /// How many packets were denied so far, by direction.
  public List<NftCounter.Value> denied() {
    return kernel.counters();
  }

  /// What is programmed and, beside each part, why; at the end whether the kernel holds just that.
  public String describe() {
    return plan.of()
        .map(now ->
            Description.of(now.policy(), now.wires(), kernel.now(), now.generation())
                + readBack()
                    .map(there -> verdict(kernel.now(), there))
                    .orElse("\nTHE KERNEL HOLDS NOTHING\n"))
        .orElse("nothing applied yet\n");
  }

  /// As [#describe], for what this policy would come to here. Changes nothing.
  public String describe(NodePolicy policy, Wires wires) {
    GuardTable guard = new GuardTable(policy, wires, GuardTable.Unavailable.NOTHING);
    return readBack()
        .map(there -> {
          long generation = there.generation().orElse(0);
          NodeTable wanted =
              NodeTable.of(policy, guard, options, generation, there, new Renderings());
          return Description.of(policy, wires, wanted, generation) + verdict(wanted, there);
        })
        .orElse("nothing of ours is programmed in this network namespace\n");
  }

  private static String verdict(NodeTable wanted, NodeTable there) {
    int differences = Comparison.count(wanted, there);
    return differences == 0
        ? "\nthe kernel holds exactly this\n"
        : "\nTHE KERNEL DIFFERS from this in " + differences + " places\n";
  }

  /// Deletes both tables; everything may pass from then on.
  public void remove() {
    kernel.remove();
    plan = Plan.from(options, kernel.now());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
