package dev.ringfence.nftables.table;

import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What leads from one content of a table to another, in an order that the kernel accepts: nothing
/// is deleted while something refers to it, nothing referred to before it is there.
final class Difference {
  private final TableContent before;
  private final TableContent after;
  private final Set<String> moved = new TreeSet<>();
  private final Set<String> rehooked = new TreeSet<>();
  private final Set<String> rewritten = new TreeSet<>();

  private Difference(TableContent before, TableContent after) {
    this.before = before;
    this.after = after;
    after
        .sets()
        .forEach((name, set) -> {
          SetContent had = before.sets().get(name);
          if (had != null && !same(had, set) && mustMove(had, set)) {
            moved.add(name);
          }
        });
    after
        .chains()
        .forEach((name, chain) -> {
          ChainContent had = before.chains().get(name);
          if (had == null) {
            return;
          }
          if (!had.chain().equals(chain.chain())) {
            rehooked.add(name);
          } else if (!had.rules().equals(chain.rules())
              || chain.usesAny(moved)
              || had.usesAny(moved)) {
            rewritten.add(name);
          }
        });
  }

  /// A set whose declaration changed is deleted and made anew; intervals are too, since the order
  /// in which a tree takes changed ranges is a matter of its own.
  private static boolean mustMove(SetContent before, SetContent after) {
    return !before.set().equals(after.set())
        || (after.set().interval() && !before.members().same(after.members()));
  }

  @SuppressWarnings("ReferenceEquality") // most of a table is the same object as before
  private static boolean same(Object a, Object b) {
    return a == b;
  }

  /// Adds to the batch what leads from `before` to `after`; the table itself is there.
  static void write(Batch batch, TableContent before, TableContent after) {
    Difference difference = new Difference(before, after);
    difference.loosen(batch);
    difference.deleteMovedSets(batch);
    difference.addNames(batch);
    difference.changeElements(batch);
    difference.addRules(batch);
    difference.deleteRest(batch);
  }

  /// What is there and, beside it, every set and chain that is new: nothing of the old refers to
  /// them. Empty if there are none.
  static Optional<TableContent> prepared(TableContent before, TableContent after) {
    Map<String, SetContent> sets = new HashMap<>(before.sets());
    after.sets().forEach(sets::putIfAbsent);
    Map<String, ChainContent> chains = new HashMap<>(before.chains());
    after
        .chains()
        .forEach((name, chain) -> {
          if (chain.chain().base().isEmpty()) {
            chains.putIfAbsent(name, chain);
          }
        });
    if (sets.size() == before.sets().size() && chains.size() == before.chains().size()) {
      return Optional.empty();
    }
    Set<String> counters = new TreeSet<>(before.counters());
    counters.addAll(after.counters());
    return Optional.of(new TableContent(before.table(), chains, sets, counters));
  }

  /// Flushes every chain that goes or is written anew.
  private void loosen(Batch batch) {
    before
        .chains()
        .forEach((name, chain) -> {
          boolean goes = !after.chains().containsKey(name);
          if (goes || rehooked.contains(name) || rewritten.contains(name)) {
            batch.flush(chain.chain());
          }
          if (rehooked.contains(name)) {
            batch.delete(chain.chain());
          }
        });
  }

  private void deleteMovedSets(Batch batch) {
    before
        .sets()
        .forEach((name, set) -> {
          if (moved.contains(name)) {
            batch.delete(set.set());
          }
        });
  }

  private void addNames(Batch batch) {
    for (String counter : after.counters()) {
      if (!before.counters().contains(counter)) {
        batch.add(new NftCounter(tableName(), counter));
      }
    }
    after
        .chains()
        .forEach((name, chain) -> {
          if (rehooked.contains(name) || !before.chains().containsKey(name)) {
            batch.add(chain.chain());
          }
        });
    after
        .sets()
        .forEach((name, set) -> {
          if (moved.contains(name) || !before.sets().containsKey(name)) {
            batch.add(set.set());
            batch.addElements(set.set(), set.members().elements());
          }
        });
  }

  private void changeElements(Batch batch) {
    after
        .sets()
        .forEach((name, set) -> {
          SetContent had = before.sets().get(name);
          if (had != null && !same(had, set) && !moved.contains(name)) {
            batch.deleteElements(set.set(), had.members().without(set.members()));
            batch.addElements(set.set(), set.members().without(had.members()));
          }
        });
  }

  private void addRules(Batch batch) {
    after
        .chains()
        .forEach((name, chain) -> {
          if (rehooked.contains(name)
              || rewritten.contains(name)
              || !before.chains().containsKey(name)) {
            chain.rules().forEach(batch::add);
          }
        });
  }

  private void deleteRest(Batch batch) {
    List<SetContent> sets = new ArrayList<>(before.sets().values());
    sets.removeIf(set -> after.sets().containsKey(set.set().name()));
    sets.forEach(set -> batch.delete(set.set()));
    Iterator<ChainContent> chains = before.chains().values().iterator();
    chains.forEachRemaining(chain -> {
      if (!after.chains().containsKey(chain.chain().name())) {
        batch.delete(chain.chain());
      }
    });
    for (String counter : before.counters()) {
      if (!after.counters().contains(counter)) {
        batch.delete(new NftCounter(tableName(), counter));
      }
    }
  }

  private TableName tableName() {
    return after.table().name();
  }
}
