package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.GroupSets.Shown;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A group of one node while pods there belong to it.
final class HeldGroup {
  final String id;
  final Direction direction;
  final Map<Applied, Integer> users = new HashMap<>();
  Shown shown = new Shown(List.of(), List.of());
  @Nullable Group group;
  boolean stale = true;

  private final PolicyEngine engine;
  private GroupTable table;

  /// Those of its selectors, where somebody asked; some may be dropped.
  private @Nullable List<GroupTable> selectors;

  /// The form it is to have; it has that of [#filled].
  private Form form = Form.DISJOINT;

  /// The tables whose sets it uses: its own, or those of its selectors.
  private List<GroupTable> filled = List.of();

  HeldGroup(PolicyEngine engine, String id, Applied applied) {
    this.engine = engine;
    this.id = id;
    this.direction = applied.direction();
    this.table = engine.table(applied);
    table.users++;
  }

  GroupRules rules() {
    return table.rules;
  }

  List<String> policies() {
    TreeSet<String> policies = new TreeSet<>();
    users.keySet().forEach(applied -> policies.addAll(applied.policies()));
    return List.copyOf(policies);
  }

  /// Its own table, with its sets counted; another one in place of a dropped one.
  GroupTable counted() {
    renew();
    engine.count(table);
    return table;
  }

  private void renew() {
    if (table.sets().isDropped()) {
      table.users--;
      table = engine.table(table.rules);
      table.users++;
    }
  }

  /// The tables of its selectors, counted; empty where their sets do not add up to the group's.
  List<GroupTable> selectorsCounted() {
    List<GroupTable> out = selectors();
    out.forEach(engine::count);
    return out;
  }

  private List<GroupTable> selectors() {
    if (selectors == null || selectors.stream().anyMatch(one -> one.sets().isDropped())) {
      selectors =
          table.selectors().keySet().stream()
              .map(selector -> engine.table(GroupRules.admitting(selector)))
              .toList();
    }
    selectors.forEach(engine::uses);
    return selectors;
  }

  /// From the next [#refresh] on.
  ///
  /// @return whether that is another form
  boolean become(Form next) {
    boolean changes = form != next;
    form = next;
    stale |= changes;
    return changes;
  }

  @SuppressWarnings("ReferenceEquality") // it stays the same object until it changes
  boolean isBehind() {
    return table.sets().isDropped()
        || filled.stream().anyMatch(one -> one.sets().isDropped())
        || (form == Form.DISJOINT && table.sets().shown() != shown);
  }

  /// Brings [#shown] and [#group] up to date.
  ///
  /// @param had what was there before, to stay the same object where it is equal
  void refresh(@Nullable Group had) {
    renew();
    if (form == Form.UNION) {
      fill(selectors());
      shown = union();
    } else {
      fill(List.of(table));
      shown = table.sets().shown();
    }
    stale = false;
    Group now = new Group(id, direction, policies(), shown.admissions(), table.spans(), form);
    group = now.equals(had) ? had : now;
  }

  /// What the selectors' sets are called, and what each lets through.
  private Shown union() {
    List<Admission> admissions = new ArrayList<>();
    List<SharedSet> sets = new ArrayList<>();
    int at = 0;
    for (PortSet each : table.selectors().values()) {
      SharedSet set = filled.get(at++).sets().shown().sets().getFirst();
      sets.add(set);
      admissions.add(new Admission(set.id(), each));
    }
    admissions.sort(Comparator.comparing(Admission::setId));
    sets.sort(Comparator.comparing(SharedSet::id));
    return new Shown(List.copyOf(admissions), List.copyOf(sets));
  }

  private void fill(List<GroupTable> next) {
    for (GroupTable one : next) {
      one.holders++;
      one.users++;
      engine.fill(one);
    }
    boolean another = form == Form.UNION && filled.contains(table);
    letGo();
    filled = next;
    if (another && table.holders == 0) {
      table.sets().release();
    }
  }

  private void letGo() {
    for (GroupTable one : filled) {
      one.holders--;
      one.users--;
    }
    filled = List.of();
  }

  /// It is not kept any more.
  void leave() {
    letGo();
    table.users--;
  }
}
