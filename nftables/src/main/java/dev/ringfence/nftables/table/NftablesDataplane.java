package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.NftFamily;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import dev.ringfence.nftables.route.Wire;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Keeps one node's tables in the kernel at what they should be.
///
/// Every change is one transaction that holds only what differs; the kernel has the old policy or
/// the new. Chains and sets that are new are put there by another one before, unused. Rules outlive
/// this object: closing it leaves them, [#remove] does not. Used by one thread at a time.
public final class NftablesDataplane implements AutoCloseable {
  /// What the kernel says when it holds something else than we think, or cannot tell us.
  private static final Set<Integer> STALE =
      Set.of(Errno.ENOENT, Errno.EEXIST, Errno.EBUSY, Errno.ENFILE, Errno.ENOBUFS);

  private final NetlinkSocket socket;
  private final KernelTables kernel;
  private final DataplaneOptions options;
  private final Batch batch = new Batch();

  /// What the kernel holds, as far as we know.
  private NodeTable held;

  /// What the next transaction does with tables that are there: nothing, or replaces or claims
  /// them.
  private Start start;

  private final boolean owned;

  /// Those of our tables that were there when we last looked.
  private List<TableName> found = List.of();

  /// Tables under their other names that an earlier life left, or a refused replacement.
  private List<TableName> covers;

  /// What is in force, to explain it, to restore it and to work out the next from it.
  private Plan plan;

  private enum Start {
    CREATE,
    REPLACE,
    CLAIM,
    KEEP
  }

  private NftablesDataplane(NetlinkSocket socket, DataplaneOptions options) {
    this.socket = socket;
    this.kernel = new KernelTables(socket);
    this.options = options;
    this.owned = options.tableOwner() && knowsOwners();
    this.held = NodeTable.empty(owned);
    this.start = Start.CREATE;
    this.covers = kernel.covers();
    look();
    this.plan = Plan.from(options, held);
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

  /// Whether there can be tables that nobody else may edit and that outlive their owner (6.9).
  private boolean knowsOwners() {
    batch.clear();
    batch.add(new NftTable(new TableName(NftFamily.INET, "ringfence_probe"), true, true, ""));
    return socket.wouldTake(batch);
  }

  /// Takes what the kernel holds for the state to start from.
  private void look() {
    KernelTables.Read read = kernel.read();
    found = read.names();
    Optional<NodeTable> ours = read.ours();
    if (ours.isEmpty()) {
      held = NodeTable.empty(owned);
      start = found.isEmpty() ? Start.CREATE : Start.REPLACE;
      return;
    }
    NftTable table = ours.get().policy().table();
    held = withTables(ours.get(), owned);
    if (table.owned() && start == Start.KEEP) {
      return;
    }
    start = !owned ? Start.KEEP : table.persistent() ? Start.CLAIM : Start.REPLACE;
    if (start == Start.REPLACE) {
      held = NodeTable.empty(true);
    }
  }

  private static NodeTable withTables(NodeTable content, boolean owned) {
    NodeTable empty = NodeTable.empty(owned);
    return new NodeTable(
        rename(content.policy(), empty.policy().table()),
        rename(content.guard(), empty.guard().table()));
  }

  private static TableContent rename(TableContent content, NftTable table) {
    return new TableContent(table, content.chains(), content.sets(), content.counters());
  }

  /// Brings the kernel to this policy.
  ///
  /// @param generation counts up from 1; stands in the table, modulo 2^32
  /// @throws KernelRefused naming the element; the kernel keeps what it had
  public Applied apply(NodePolicy policy, Wires wires, long generation) {
    long began = System.nanoTime();
    OptionalLong was = held.generation();
    Applied applied = bring(policy, wires, generation);
    // The mark of the generation is not one of the policy's elements.
    boolean marked = was.isEmpty() || (int) was.getAsLong() != (int) generation;
    return applied.finished(
        (System.nanoTime() - began) / 1000, plan.unguarded(), marked, marked && was.isPresent());
  }

  private Applied bring(NodePolicy policy, Wires wires, long generation) {
    NodeTable expected = held;
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      // Somebody changed what we hold, or an interface took its chain along: look, and once more.
      if (!STALE.contains(refused.errno()) || !lookedOtherwise(expected)) {
        throw refused;
      }
    }
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      if (!STALE.contains(refused.errno())) {
        throw refused;
      }
      // It holds what we cannot read: all of it anew.
      return replace(policy, wires, generation);
    }
  }

  /// Looks, and says whether something else is there than was expected; what is not known to have
  /// been done counts as that.
  private boolean lookedOtherwise(NodeTable expected) {
    look();
    return start != Start.KEEP || Comparison.count(expected, held) > 0;
  }

  private Applied replace(NodePolicy policy, Wires wires, long generation) {
    start = Start.REPLACE;
    held = NodeTable.empty(owned);
    try {
      return tryTo(policy, wires, generation);
    } catch (KernelRefused refused) {
      look();
      throw refused;
    }
  }

  private Applied tryTo(NodePolicy policy, Wires wires, long generation) {
    GuardTable.Unavailable unavailable = plan.unavailable(wires);
    NodeTable before = held;
    while (true) {
      Plan next = plan.next(policy, wires, unavailable, generation);
      try {
        Applied applied = transact(next);
        plan = next;
        return applied;
      } catch (KernelRefused refused) {
        GuardTable.Unavailable more = leaveOut(refused, wires, unavailable);
        if (more.equals(unavailable)) {
          retreat(before);
          throw refused.wantedBy(Origin.of(policy, wires, next.table().policy(), refused));
        }
        unavailable = more;
      }
    }
  }

  /// The same refusal, of the very request or element, where the kernel did not say which.
  private KernelRefused named(KernelRefused refused) {
    return refused.isExact() || STALE.contains(refused.errno())
        ? refused
        : socket.find(batch).orElse(refused);
  }

  /// Takes away what was put ready for a change that was refused; it lay there unused.
  @SuppressWarnings("ReferenceEquality") // whether anything was put ready at all
  private void retreat(NodeTable before) {
    if (before == held || start != Start.KEEP) {
      return;
    }
    batch.clear();
    Difference.write(batch, held.policy(), before.policy());
    try {
      socket.transact(batch);
      held = before;
    } catch (KernelRefused refused) {
      // It goes with the next change, or when somebody has looked what is there.
      look();
    }
  }

  private Applied transact(Plan next) {
    NodeTable wanted = next.table();
    Applied ahead =
        switch (start) {
          case REPLACE -> clear(wanted);
          case CLAIM -> claim(wanted);
          case CREATE, KEEP -> Applied.NOTHING;
        };
    Difference policy = new Difference(held.policy(), wanted.policy());
    Optional<TableContent> prepared = policy.prepared();
    if (prepared.isPresent()) {
      ahead = prepare(wanted, prepared.get(), ahead);
      policy = new Difference(held.policy(), wanted.policy());
    }
    begin(wanted);
    policy.write(batch);
    guards(wanted);
    Applied done = send(ahead);
    held = wanted;
    start = Start.KEEP;
    return uncover(done);
  }

  @SuppressWarnings("ReferenceEquality") // most changes leave every guard alone
  private void guards(NodeTable wanted) {
    if (held.guard() != wanted.guard()) {
      Difference.write(batch, held.guard(), wanted.guard());
    }
  }

  private Applied send(Applied before) {
    long began = System.nanoTime();
    try {
      socket.transact(batch);
    } catch (KernelRefused refused) {
      throw named(refused);
    }
    return before.and(batch, System.nanoTime() - began);
  }

  /// Puts what is new beside what is in force, where no packet gets to it yet.
  ///
  /// The kernel fills a new set of intervals only a while after the rules that look into it are in
  /// force, and a packet under way may jump into a new chain while it sees the old, empty one.
  private Applied prepare(NodeTable wanted, TableContent prepared, Applied before) {
    begin(wanted);
    Difference.write(batch, held.policy(), prepared);
    Applied done = send(before);
    held = new NodeTable(prepared, held.guard());
    start = Start.KEEP;
    return done;
  }

  /// Takes tables that lost their owner; on its own, since a table that changes hands takes no new
  /// base chain in the same transaction.
  private Applied claim(NodeTable wanted) {
    begin(wanted);
    Applied done = send(Applied.NOTHING);
    start = Start.KEEP;
    return done;
  }

  private void begin(NodeTable wanted) {
    batch.clear();
    if (start != Start.KEEP) {
      batch.add(wanted.policy().table());
      batch.add(wanted.guard().table());
    }
  }

  /// Takes away tables of ours that cannot be changed into what they should be, once the same
  /// policy is in force beside them.
  private Applied clear(NodeTable wanted) {
    NodeTable cover = Cover.of(wanted);
    NodeTable ready = Cover.unhooked(cover);
    NodeTable nothing = NodeTable.empty(false);
    Applied done = Applied.NOTHING;
    try {
      batch.clear();
      Cover.names().forEach(this::deleteCover);
      List.of(cover.policy(), cover.guard()).forEach(table -> batch.add(table.table()));
      Difference.write(batch, nothing.policy(), ready.policy());
      Difference.write(batch, nothing.guard(), ready.guard());
      done = send(done);
      covers = Cover.names();
      batch.clear();
      Difference.write(batch, ready.policy(), cover.policy());
      Difference.write(batch, ready.guard(), cover.guard());
      done = send(done);
      batch.clear();
      found.forEach(batch::deleteTable);
      done = send(done);
    } catch (KernelRefused refused) {
      uncover(Applied.NOTHING);
      throw refused;
    }
    held = nothing;
    start = Start.CREATE;
    return done;
  }

  /// Adding first makes a deletion right whether the table is there or not.
  private void deleteCover(TableName table) {
    batch.add(NftTable.plain(table, ""));
    batch.deleteTable(table);
  }

  private Applied uncover(Applied before) {
    if (covers.isEmpty()) {
      return before;
    }
    batch.clear();
    covers.forEach(this::deleteCover);
    covers = List.of();
    return send(before);
  }

  /// Where the kernel lacks the interface or the hook of a guard, that guard is left out.
  private static GuardTable.Unavailable leaveOut(
      KernelRefused refused, Wires wires, GuardTable.Unavailable so) {
    boolean gone = refused.errno() == Errno.ENOENT;
    if ((!gone && !tooOld(refused)) || !(refused.object().orElse(null) instanceof NftChain chain)) {
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

  /// Reads the kernel back and puts right whatever differs from what was applied last.
  ///
  /// @return how many elements, chains and sets differed; 0 before the first [#apply]
  public int repair() {
    if (plan.of().isEmpty()) {
      return 0;
    }
    Plan.Source now = plan.of().get();
    NodeTable expected = held;
    look();
    int differences = Comparison.count(expected, held);
    if (differences > 0) {
      apply(now.policy(), now.wires(), now.generation());
    }
    return differences;
  }

  /// What the kernel holds now; empty if our tables are not there or not of this layout.
  public Optional<NodeTable> readBack() {
    return kernel.read().ours();
  }

  /// What was last applied, or found at the start.
  public NodeTable held() {
    return held;
  }

  /// How much is programmed; costs a walk over names, not over members.
  public Sizes sizes() {
    return Sizes.of(held);
  }

  /// Whether nobody else may edit the tables.
  public boolean owned() {
    return owned && start == Start.KEEP;
  }

  /// How many packets were denied so far, by direction.
  public List<NftCounter.Value> denied() {
    return kernel.counters();
  }

  /// What is programmed and, beside each part, why; at the end whether the kernel holds just that.
  public String describe() {
    return plan.of()
        .map(now ->
            Description.of(now.policy(), now.wires(), held, now.generation())
                + readBack()
                    .map(there -> verdict(held, there))
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
    KernelTables.Read read = kernel.read();
    batch.clear();
    read.names().forEach(batch::deleteTable);
    covers.forEach(this::deleteCover);
    covers = List.of();
    socket.transact(batch);
    held = NodeTable.empty(owned);
    start = Start.CREATE;
    plan = Plan.from(options, held);
  }

  @Override
  public void close() {
    socket.close();
  }
}
