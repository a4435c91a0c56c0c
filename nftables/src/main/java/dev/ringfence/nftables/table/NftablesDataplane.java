package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.route.Wire;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps one node's tables in the kernel at what they should be.
///
/// Every change is one transaction that holds only what differs; the kernel has the old policy or
/// the new. Chains and sets that are new are put there by another one before, unused. Rules outlive
/// this object: closing it leaves them, [#remove] does not. Used by one thread at a time.
public final class NftablesDataplane implements AutoCloseable {
  /// What the kernel says when it holds something else than we think, or cannot tell us.
  private static final Set<Integer> STALE =
      Set.of(Errno.ENOENT, Errno.EEXIST, Errno.EBUSY, Errno.ENOBUFS);

  private final NetlinkSocket socket;
  private final KernelTables kernel;
  private final DataplaneOptions options;
  private final Renderings renderings = new Renderings();

  /// What the kernel holds, as far as we know.
  private NodeTable held;

  /// What the next transaction does with tables that are there: nothing, or replaces or claims
  /// them.
  private Start start;

  private boolean owned;
  private @Nullable State state;

  /// What the current policy is, to explain it and to restore it.
  private record State(NodePolicy policy, Wires wires, long generation) {}

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
    this.owned = options.tableOwner();
    this.held = NodeTable.empty(owned);
    this.start = Start.CREATE;
    look();
  }

  /// Opens the network namespace of the calling thread, and starts from the tables it finds there.
  public static NftablesDataplane open(DataplaneOptions options) {
    NetlinkSocket socket = NetlinkSocket.netfilter();
    try {
      return new NftablesDataplane(socket, options);
    } catch (RuntimeException failed) {
      socket.close();
      throw failed;
    }
  }

  /// Takes what the kernel holds for the state to start from.
  private void look() {
    KernelTables.Read read = kernel.read();
    Optional<NodeTable> ours = read.ours();
    if (ours.isEmpty()) {
      held = NodeTable.empty(owned);
      start = read.policy().isPresent() || read.guard().isPresent() ? Start.REPLACE : Start.CREATE;
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
    Applied applied;
    try {
      applied = bring(policy, wires, generation);
    } catch (KernelRefused refused) {
      if (!STALE.contains(refused.errno())) {
        throw refused;
      }
      // Somebody changed what we hold, or an interface took its chain along: look, and once more.
      look();
      applied = bring(policy, wires, generation);
    }
    state = new State(policy, wires, generation);
    return applied;
  }

  private Applied bring(NodePolicy policy, Wires wires, long generation) {
    GuardTable.Unavailable unavailable = GuardTable.Unavailable.NOTHING;
    while (true) {
      GuardTable guard = new GuardTable(policy, wires, unavailable);
      NodeTable wanted = NodeTable.of(policy, guard, options, generation, held, renderings);
      try {
        return transact(wanted, guard.unguarded());
      } catch (KernelRefused refused) {
        GuardTable.Unavailable more = leaveOut(refused, wires, unavailable);
        if (more.equals(unavailable) && !withoutOwner(refused)) {
          throw refused;
        }
        unavailable = more;
      }
    }
  }

  private Applied transact(NodeTable wanted, int unguarded) {
    boolean next = !wanted.generation().equals(held.generation());
    boolean renumbered = next && held.generation().isPresent();
    long before = System.nanoTime();
    Batch ahead = prepare(wanted);
    Batch batch = new Batch();
    begin(batch, wanted);
    Difference.write(batch, held.policy(), wanted.policy());
    Difference.write(batch, held.guard(), wanted.guard());
    socket.transact(batch);
    long micros = (System.nanoTime() - before) / 1000;
    held = wanted;
    start = Start.KEEP;
    // The generation's own element is not one of the policy's.
    return new Applied(
        ahead.elementsAdded() + batch.elementsAdded() - (next ? 1 : 0),
        batch.elementsDeleted() - (renumbered ? 1 : 0),
        micros,
        unguarded);
  }

  /// Puts what is new beside what is in force, where no packet gets to it yet.
  ///
  /// The kernel fills a new set of intervals only a while after the rules that look into it are in
  /// force, and a packet under way may jump into a new chain while it sees the old, empty one.
  private Batch prepare(NodeTable wanted) {
    Batch batch = new Batch();
    if (start == Start.REPLACE) {
      return batch;
    }
    Difference.prepared(held.policy(), wanted.policy())
        .ifPresent(prepared -> {
          begin(batch, wanted);
          Difference.write(batch, held.policy(), prepared);
          socket.transact(batch);
          held = new NodeTable(prepared, held.guard());
          start = Start.KEEP;
        });
    return batch;
  }

  private void begin(Batch batch, NodeTable wanted) {
    List<NftTable> tables = List.of(wanted.policy().table(), wanted.guard().table());
    if (start == Start.REPLACE) {
      // Adding first makes the deletion right whether one, the other or both are there.
      tables.forEach(table -> batch.add(NftTable.plain(table.name(), "")));
      tables.forEach(table -> batch.deleteTable(table.name()));
    }
    if (start != Start.KEEP) {
      tables.forEach(batch::add);
    }
  }

  /// Where the kernel lacks the interface or the hook of a guard, that guard is left out.
  private static GuardTable.Unavailable leaveOut(
      KernelRefused refused, Wires wires, GuardTable.Unavailable so) {
    boolean gone = refused.errno() == Errno.ENOENT;
    String added = "add chain " + Names.GUARD + " ";
    if ((!gone && !tooOld(refused)) || !refused.request().startsWith(added)) {
      return so;
    }
    String chain = refused.request().substring(added.length());
    for (Wire wire : wires.byPod().values()) {
      String name = wire.interfaceName();
      if (chain.equals(Names.delivery(name)) && !gone) {
        return so.andEgressHook();
      }
      if (chain.equals(Names.guard(name)) || chain.equals(Names.delivery(name))) {
        return so.and(name);
      }
    }
    return so;
  }

  private static boolean tooOld(KernelRefused refused) {
    return refused.errno() == Errno.EOPNOTSUPP || refused.errno() == Errno.EINVAL;
  }

  /// Whether the kernel is too old for tables that outlive their owner; then nobody owns them.
  private boolean withoutOwner(KernelRefused refused) {
    if (!owned || !tooOld(refused) || !refused.request().startsWith("add table ")) {
      return false;
    }
    owned = false;
    look();
    return true;
  }

  /// Reads the kernel back and puts right whatever differs from what was applied last.
  ///
  /// @return how many elements, chains and sets differed; 0 before the first [#apply]
  public int repair() {
    State now = state;
    if (now == null) {
      return 0;
    }
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
    State now = state;
    return now == null
        ? "nothing applied yet\n"
        : Description.of(now.policy(), now.wires(), held, now.generation())
            + readBack().map(there -> verdict(held, there)).orElse("\nTHE KERNEL HOLDS NOTHING\n");
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
    Batch batch = new Batch();
    read.policy().ifPresent(table -> delete(batch, table.table()));
    read.guard().ifPresent(table -> delete(batch, table.table()));
    socket.transact(batch);
    held = NodeTable.empty(owned);
    start = Start.CREATE;
    state = null;
  }

  private static void delete(Batch batch, NftTable table) {
    batch.deleteTable(table.name());
  }

  @Override
  public void close() {
    socket.close();
  }
}
