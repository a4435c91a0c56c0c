package dev.ringfence.nftables.table;

import dev.ringfence.nftables.connections.MarkedConnections;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.NftFamily;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the kernel holds of ours, as far as we know, and how it is brought to hold something else.
final class HeldTables {
  /// What the kernel says when it holds something else than we think, or cannot tell us.
  private static final Set<Integer> STALE =
      Set.of(Errno.ENOENT, Errno.EEXIST, Errno.EBUSY, Errno.ENFILE, Errno.ENOBUFS);

  private final NetlinkSocket socket;
  private final KernelTables kernel;
  private final Batch batch = new Batch();
  private final boolean owned;
  private NodeTable held;

  /// The number of the ruleset that we last saw or made; never 0, which stands for doubt.
  private int generation;

  /// What the next transaction does with tables that are there.
  private Start start = Start.CREATE;

  /// Those of our tables that were there when we last looked.
  private List<TableName> found = List.of();

  /// Tables under their other names that an earlier life left, or a refused replacement.
  private List<TableName> covers;

  private enum Start {
    CREATE,
    REPLACE,
    CLAIM,
    KEEP
  }

  /// @param toOwn whether nobody else may edit the tables, where the kernel can do that
  HeldTables(NetlinkSocket socket, boolean toOwn) {
    this.socket = socket;
    this.kernel = new KernelTables(socket);
    this.owned = toOwn && knowsOwners();
    this.held = NodeTable.empty(owned);
    this.covers = kernel.covers();
    look();
  }

  NodeTable now() {
    return held;
  }

  boolean owned() {
    return owned && start == Start.KEEP;
  }

  /// Whether the rules that are there now may mark connections as accepted.
  boolean mayMark() {
    return start == Start.REPLACE || held.policy().chains().containsKey(Names.REMEMBER);
  }

  /// Connections with these bits in their mark.
  MarkedConnections connections(int mark) {
    return new MarkedConnections(socket, mark);
  }

  Optional<NodeTable> readBack() {
    return kernel.read().ours();
  }

  List<NftCounter.Value> counters() {
    return kernel.counters();
  }

  /// Whether there can be tables that nobody else may edit and that outlive their owner (6.9).
  private boolean knowsOwners() {
    batch.clear();
    batch.add(new NftTable(new TableName(NftFamily.INET, "ringfence_probe"), true, true, ""));
    return socket.wouldTake(batch);
  }

  /// Takes what the kernel holds for the state to start from.
  void look() {
    int before = kernel.generation();
    KernelTables.Read read = kernel.read();
    generation = kernel.generation() == before ? before : 0;
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

  /// Whether nobody has changed any table since we did or looked; costs one question, whatever we
  /// hold.
  boolean isUntouched() {
    return generation != 0 && kernel.generation() == generation;
  }

  /// Whether nothing is half done: our tables are there under their own names, and no others.
  boolean isSettled() {
    return start == Start.KEEP && covers.isEmpty();
  }

  /// Whether a refusal may come from what others did, or from answers that were lost; then looks,
  /// and says whether it is worth another try.
  boolean isWorthAnotherTry(KernelRefused refused, NodeTable expected) {
    if (!isStale(refused)) {
      return false;
    }
    look();
    return refused.errno() == Errno.ENOBUFS
        || start != Start.KEEP
        || Comparison.count(expected, held) > 0;
  }

  /// Whether the kernel may hold something else than we think.
  static boolean isStale(KernelRefused refused) {
    return STALE.contains(refused.errno());
  }

  /// Takes nothing that is there for granted: the next transaction makes all of it anew.
  void startAnew() {
    start = Start.REPLACE;
    held = NodeTable.empty(owned);
  }

  /// The same refusal, of the very request or element, where the kernel did not say which.
  private KernelRefused named(KernelRefused refused) {
    return refused.isExact() || isStale(refused) ? refused : socket.find(batch).orElse(refused);
  }

  /// Takes away what was put ready for a change that was refused; it lay there unused.
  @SuppressWarnings("ReferenceEquality") // whether anything was put ready at all
  void retreat(NodeTable before) {
    if (before == held || start != Start.KEEP) {
      return;
    }
    batch.clear();
    Difference.write(batch, held.policy(), before.policy());
    try {
      socket.transact(batch);
      count();
      held = before;
    } catch (KernelRefused refused) {
      // It goes with the next change, or when somebody has looked what is there.
      look();
    }
  }

  /// Brings the kernel to this, in one transaction after one that puts ready what is new.
  ///
  /// @throws KernelRefused naming the request or the element; see [#retreat]
  Applied become(NodeTable wanted) {
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
    return uncoverIfPossible(done);
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
    count();
    return before.and(batch, System.nanoTime() - began);
  }

  /// Our own transaction made the next number; if another's came between, it is not that one.
  private void count() {
    if (!batch.isEmpty() && generation != 0) {
      generation++;
    }
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
    covers = Cover.names();
    try {
      batch.clear();
      Cover.names().forEach(this::deleteCover);
      List.of(cover.policy(), cover.guard()).forEach(table -> batch.add(table.table()));
      Difference.write(batch, nothing.policy(), ready.policy());
      Difference.write(batch, nothing.guard(), ready.guard());
      done = send(done);
      batch.clear();
      Difference.write(batch, ready.policy(), cover.policy());
      Difference.write(batch, ready.guard(), cover.guard());
      done = send(done);
      batch.clear();
      found.forEach(batch::deleteTable);
      done = send(done);
    } catch (KernelRefused refused) {
      // Where nobody knows what became of the old tables, the cover may be all there is.
      if (!isStale(refused)) {
        uncoverIfPossible(Applied.NOTHING);
      }
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

  /// A cover that stays says the same as what it covers; it goes with the next change or repair.
  private Applied uncoverIfPossible(Applied before) {
    try {
      return uncover(before);
    } catch (KernelRefused refused) {
      generation = 0;
      return before;
    }
  }

  private Applied uncover(Applied before) {
    if (covers.isEmpty()) {
      return before;
    }
    batch.clear();
    covers.forEach(this::deleteCover);
    Applied done = send(before);
    covers = List.of();
    return done;
  }

  /// Deletes the tables.
  void remove() {
    KernelTables.Read read = kernel.read();
    batch.clear();
    read.names().forEach(batch::deleteTable);
    covers.forEach(this::deleteCover);
    socket.transact(batch);
    generation = 0;
    covers = List.of();
    held = NodeTable.empty(owned);
    start = Start.CREATE;
  }

  void close() {
    socket.close();
  }
}
