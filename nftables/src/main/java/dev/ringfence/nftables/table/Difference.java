package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.Layered;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What leads from one content of a table to another, in an order that the kernel accepts: nothing
/// is deleted while something refers to it, nothing referred to before it is there.
final class Difference {
  private final TableContent before;
  private final TableContent after;
  private final Layered.Since sets;
  private final Layered.Since chains;
  private Set<String> moved = Set.of();
  private Set<String> rehooked = Set.of();
  private Set<String> rewritten = Set.of();

  Difference(TableContent before, TableContent after) {
    this.before = before;
    this.after = after;
    this.sets = after.sets().changedSince(before.sets());
    this.chains = after.chains().changedSince(before.chains());
    for (String name : sets.changed()) {
      SetContent had = before.sets().get(name);
      if (had != null && mustMove(had, set(name))) {
        moved = with(moved, name);
      }
    }
    for (String name : chains.changed()) {
      ChainContent had = before.chains().get(name);
      if (had == null) {
        continue;
      }
      if (!had.chain().equals(chain(name).chain())) {
        rehooked = with(rehooked, name);
      } else if (!had.rules().equals(chain(name).rules())) {
        rewritten = with(rewritten, name);
      }
    }
    if (!moved.isEmpty()) {
      follow();
    }
  }

  /// A chain that looks into a moved set is written anew, though it reads the same.
  private void follow() {
    after
        .chains()
        .forEach((name, chain) -> {
          ChainContent had = before.chains().get(name);
          if (had != null
              && !rehooked.contains(name)
              && (chain.usesAny(moved) || had.usesAny(moved))) {
            rewritten = with(rewritten, name);
          }
        });
  }

  /// Most changes need none of these sets.
  private static Set<String> with(Set<String> names, String name) {
    Set<String> out = names.isEmpty() ? new TreeSet<>() : names;
    out.add(name);
    return out;
  }

  private SetContent set(String name) {
    return Objects.requireNonNull(after.sets().get(name), name);
  }

  private ChainContent chain(String name) {
    return Objects.requireNonNull(after.chains().get(name), name);
  }

  /// A set whose declaration changed is deleted and made anew; intervals are too, since the order
  /// in which a tree takes changed ranges is a matter of its own.
  private static boolean mustMove(SetContent before, SetContent after) {
    return !before.set().equals(after.set())
        || (after.set().interval() && !before.members().same(after.members()));
  }

  /// Adds to the batch what leads from `before` to `after`; the table itself is there.
  static void write(Batch batch, TableContent before, TableContent after) {
    new Difference(before, after).write(batch);
  }

  /// Adds all of it to the batch.
  void write(Batch batch) {
    loosen(batch);
    deleteMovedSets(batch);
    addNames(batch);
    changeElements(batch);
    addRules(batch);
    deleteRest(batch);
  }

  /// What is there and, beside it, every set and chain that is new: nothing of the old refers to
  /// them. Empty if there are none.
  Optional<TableContent> prepared() {
    if (!hasNew()) {
      return Optional.empty();
    }
    Map<String, SetContent> newSets = new HashMap<>();
    for (String name : sets.changed()) {
      if (!before.sets().containsKey(name)) {
        newSets.put(name, set(name));
      }
    }
    Map<String, ChainContent> newChains = new HashMap<>();
    for (String name : chains.changed()) {
      if (!before.chains().containsKey(name) && chain(name).chain().base().isEmpty()) {
        newChains.put(name, chain(name));
      }
    }
    Set<String> counters = new TreeSet<>(before.counters());
    counters.addAll(after.counters());
    return Optional.of(
        new TableContent(
            before.table(),
            before.chains().with(newChains),
            before.sets().with(newSets),
            counters));
  }

  private boolean hasNew() {
    for (String name : sets.changed()) {
      if (!before.sets().containsKey(name)) {
        return true;
      }
    }
    for (String name : chains.changed()) {
      if (!before.chains().containsKey(name) && chain(name).chain().base().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// Flushes every chain that goes or is written anew.
  private void loosen(Batch batch) {
    chains.gone().forEach(name -> batch.flush(had(name).chain()));
    rewritten.forEach(name -> batch.flush(had(name).chain()));
    for (String name : rehooked) {
      batch.flush(had(name).chain());
      batch.delete(had(name).chain());
    }
  }

  private ChainContent had(String chain) {
    return Objects.requireNonNull(before.chains().get(chain), chain);
  }

  private void deleteMovedSets(Batch batch) {
    moved.forEach(name -> batch.delete(Objects.requireNonNull(before.sets().get(name)).set()));
  }

  private void addNames(Batch batch) {
    for (String counter : sameCounters() ? Set.<String>of() : after.counters()) {
      if (!before.counters().contains(counter)) {
        batch.add(new NftCounter(tableName(), counter));
      }
    }
    for (String name : chains.changed()) {
      if (isNew(name)) {
        batch.add(chain(name).chain());
      }
    }
    for (String name : sets.changed()) {
      if (moved.contains(name) || !before.sets().containsKey(name)) {
        batch.add(set(name).set());
        batch.addElements(set(name).set(), set(name).members().elements());
      }
    }
  }

  private boolean isNew(String chain) {
    return rehooked.contains(chain) || !before.chains().containsKey(chain);
  }

  private void changeElements(Batch batch) {
    for (String name : sets.changed()) {
      SetContent had = before.sets().get(name);
      if (had != null && !moved.contains(name)) {
        changeElements(batch, had, set(name));
      }
    }
  }

  /// What goes first, then what comes; but where a set only grew, nobody looks for what went.
  private static void changeElements(Batch batch, SetContent had, SetContent set) {
    if (set.hasRoomForBoth(had)) {
      long added = batch.addElements(set.set(), set.members().without(had.members()));
      if (had.members().count() + added == set.members().count()) {
        return;
      }
      batch.deleteElements(set.set(), had.members().without(set.members()));
      return;
    }
    batch.deleteElements(set.set(), had.members().without(set.members()));
    batch.addElements(set.set(), set.members().without(had.members()));
  }

  private void addRules(Batch batch) {
    for (String name : chains.changed()) {
      if (isNew(name)) {
        chain(name).rules().forEach(batch::add);
      }
    }
    rewritten.forEach(name -> chain(name).rules().forEach(batch::add));
  }

  private void deleteRest(Batch batch) {
    sets.gone()
        .forEach(name -> batch.delete(Objects.requireNonNull(before.sets().get(name)).set()));
    chains.gone().forEach(name -> batch.delete(had(name).chain()));
    for (String counter : sameCounters() ? Set.<String>of() : before.counters()) {
      if (!after.counters().contains(counter)) {
        batch.delete(new NftCounter(tableName(), counter));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // they are the same set all the time
  private boolean sameCounters() {
    return before.counters() == after.counters();
  }

  private TableName tableName() {
    return after.table().name();
  }
}
