package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.Owners;
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
import java.util.OptionalInt;
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

  /// Since when connections of addresses that changed hands are judged anew.
  private final Settling settling = new Settling();

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

  /// As the other, for tables that keep no connections: who has which address does not matter.
  public Applied apply(NodePolicy policy, Wires wires, long generation) {
    if (!options.established().equals(Established.CUT)) {
      throw new IllegalStateException("connections are kept: who has which address?");
    }
    return apply(policy, wires, Owners.NOBODY, generation);
  }

  /// Brings the kernel to this policy.
  ///
  /// @param owners who has which address, and what changed hands since the last successful call;
  ///   only asked where connections are kept
  /// @param generation counts up from 1; stands in the table, modulo 2^32
  /// @throws KernelRefused naming the element; what was in force stays in force, under other names
  ///   where tables that could not be changed were being replaced (decision 0008)
  public Applied apply(NodePolicy policy, Wires wires, Owners owners, long generation) {
    long began = System.nanoTime();
    if (plan.of().filter(before -> wires.renews(before.wires())).isPresent()) {
      kernel.look(); // some kernels take a guard away with its interface, and do not say so
    }
    OptionalLong was = kernel.now().generation();
    Applied applied = bring(new Wanted(policy, wires, owners, generation));
    // The mark of the generation is not one of the policy's elements.
    boolean marked = was.isEmpty() || (int) was.getAsLong() != (int) generation;
    return applied.finished(
        (System.nanoTime() - began) / 1000, plan.unguarded(), marked, marked && was.isPresent());
  }

  private record Wanted(NodePolicy policy, Wires wires, Owners owners, long generation) {}

  private Applied bring(Wanted wanted) {
    NodeTable expected = kernel.now();
    try {
      return tryTo(wanted);
    } catch (KernelRefused refused) {
      // Somebody changed what we hold, or an interface took its chain along: once more.
      if (!kernel.isWorthAnotherTry(refused, expected)) {
        throw refused;
      }
    }
    try {
      return tryTo(wanted);
    } catch (KernelRefused refused) {
      // It holds what we cannot see: all of it anew.
      return replace(wanted, refused);
    }
  }

  private Applied replace(Wanted wanted, KernelRefused after) {
    if (!HeldTables.isStale(after)) {
      throw after;
    }
    kernel.startAnew();
    try {
      return tryTo(wanted);
    } catch (KernelRefused refused) {
      kernel.look();
      throw refused;
    }
  }

  private Applied tryTo(Wanted wanted) {
    if (!(options.established() instanceof Established.Keep keep)) {
      return become(wanted, Optional.empty());
    }
    TableContent held = kernel.now().policy();
    if (Keeping.markOf(held).equals(OptionalInt.of(keep.mark()))) {
      Optional<Memory> ours = plan.of().flatMap(Plan.Source::memory);
      Memory memory = Memory.after(held, ours, wanted.owners());
      Applied applied = become(wanted, Optional.of(memory));
      settling.began(memory.anew(), wanted.owners().moved().keySet());
      return applied;
    }
    return beginToKeep(wanted, keep);
  }

  /// Marks from before mean nothing: not those of an earlier time, nor of a table that is gone. So
  /// first nothing believes or sets them, then there are none.
  private Applied beginToKeep(Wanted wanted, Established.Keep keep) {
    boolean mayBeUnderWay = kernel.mayMark();
    plan = Plan.from(options.with(Established.CUT), kernel.now());
    Applied judged = become(wanted, Optional.empty());
    if (mayBeUnderWay) {
      Settling.awaitThoseUnderWay();
    }
    kernel.connections(keep.mark()).forgetAll();
    plan = Plan.from(options, kernel.now());
    return judged.then(
        become(wanted, Optional.of(new Memory(wanted.owners().all(), AddressSet.EMPTY))));
  }

  private Applied become(Wanted wanted, Optional<Memory> memory) {
    Wires wires = wanted.wires();
    GuardTable.Unavailable unavailable = plan.unavailable(wires);
    NodeTable before = kernel.now();
    while (true) {
      Plan next = plan.next(wanted.policy(), wires, memory, unavailable, wanted.generation());
      try {
        Applied applied = kernel.become(next.table());
        plan = next;
        return applied;
      } catch (KernelRefused refused) {
        GuardTable.Unavailable more = leaveOut(refused, wires, unavailable);
        if (more.equals(unavailable)) {
          kernel.retreat(before);
          throw refused.wantedBy(Origin.of(wanted.policy(), wires, next.table().policy(), refused));
        }
        unavailable = more;
      }
    }
  }

  /// Has accepted connections of addresses that have changed hands believed again: those that the
  /// policies allow by now; the others lose their mark. Until then each packet of theirs is judged.
  ///
  /// A packet that was under way when the address changed hands may set a mark a little later, so
  /// this waits for a second; to be called now and then.
  ///
  /// @return how many connections lost their mark
  public int settle() {
    Plan.Source now = plan.of().orElse(null);
    if (now == null
        || now.memory().isEmpty()
        || !(options.established() instanceof Established.Keep keep)) {
      return 0;
    }
    Memory memory = now.memory().get();
    AddressSet due = settling.due(memory.anew());
    if (due.isEmpty()) {
      return 0;
    }
    long began = System.nanoTime();
    Judgement judgement = new Judgement(now.policy());
    int forgotten =
        kernel
            .connections(keep.mark())
            .forget(one ->
                (due.contains(one.opener()) || due.contains(one.destination()))
                    && !judgement.allows(one));
    Owners owners = new Owners(memory.owners(), Map.of());
    Wanted same = new Wanted(now.policy(), now.wires(), owners, now.generation());
    var _ = become(same, Optional.of(memory.settled(due)));
    settling.ended(due, began);
    return forgotten;
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
        AddressSet owners = now.memory().map(Memory::owners).orElse(AddressSet.EMPTY);
        apply(now.policy(), now.wires(), new Owners(owners, Map.of()), now.generation());
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

  /// Of how many addresses accepted connections are judged anew, until [#settle] has seen to them.
  public int judgedAnew() {
    return Memory.of(kernel.now().policy()).anew().size();
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
          DataplaneOptions asThere = options.with(establishedIn(there));
          Optional<Memory> memory =
              asThere.established() instanceof Established.Keep
                  ? Optional.of(Memory.of(there.policy()))
                  : Optional.empty();
          NodeTable wanted =
              NodeTable.of(policy, guard, memory, asThere, generation, there, new Renderings());
          return Description.of(policy, wires, wanted, generation) + verdict(wanted, there);
        })
        .orElse("nothing of ours is programmed in this network namespace\n");
  }

  /// What becomes of established connections by the rules of a table.
  public static Established establishedIn(NodeTable table) {
    OptionalInt mark = Keeping.markOf(table.policy());
    return mark.isPresent() ? new Established.Keep(mark.getAsInt()) : Established.CUT;
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
