package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a policy comes to on this node; the next one is worked out from it, at the cost of what
/// differs. Immutable, but for what it remembers of renderings.
///
/// @param of what it is the plan of; empty for one that only says what was found
/// @param unguarded local pods without a guard, or without the whole of it
record Plan(
    DataplaneOptions options,
    Renderings renderings,
    Optional<Source> of,
    NodeTable table,
    int unguarded) {
  /// What everything in the table comes from.
  ///
  /// @param memory of connections that are kept; empty where none are
  /// @param dispatch what the pods come to
  record Source(
      NodePolicy policy,
      Wires wires,
      Optional<Memory> memory,
      GuardTable.Unavailable unavailable,
      long generation,
      Dispatch dispatch) {}

  /// Where to start: nothing is known but what is in the kernel.
  static Plan from(DataplaneOptions options, NodeTable found) {
    return new Plan(options, new Renderings(), Optional.empty(), found, 0);
  }

  /// What the kernel turned out not to have for these wires; of others only that it is too old.
  GuardTable.Unavailable unavailable(Wires wires) {
    @Nullable Source source = of.orElse(null);
    if (source == null) {
      return GuardTable.Unavailable.NOTHING;
    }
    return source.wires().equals(wires)
        ? source.unavailable()
        : new GuardTable.Unavailable(Set.of(), source.unavailable().egressHook());
  }

  /// The same, but the next will try again to guard wires that were gone.
  Plan forgettingWhatWasGone() {
    Optional<Source> again =
        of.map(source ->
            new Source(
                source.policy(),
                new Wires(Map.of()),
                source.memory(),
                source.unavailable(),
                source.generation(),
                source.dispatch()));
    return new Plan(options, renderings, again, table, unguarded);
  }

  /// What another policy comes to.
  Plan next(
      NodePolicy policy,
      Wires wires,
      Optional<Memory> memory,
      GuardTable.Unavailable unavailable,
      long generation) {
    Dispatch dispatch = renderings.of(policy.pods());
    Source next = new Source(policy, wires, memory, unavailable, generation, dispatch);
    @Nullable Source before = of.orElse(null);
    TableContent rules =
        Optional.ofNullable(before)
            .filter(earlier -> differsInMembersOnly(earlier, next))
            .flatMap(earlier -> members(earlier, next))
            .orElseGet(() -> anew(next));
    if (before != null && sameGuards(before, next)) {
      return new Plan(
          options, renderings, Optional.of(next), new NodeTable(rules, table.guard()), unguarded);
    }
    GuardTable guard = new GuardTable(policy, wires, unavailable);
    NodeTable whole = new NodeTable(rules, guard.content(table.guard().table(), renderings));
    return new Plan(options, renderings, Optional.of(next), whole, guard.unguarded());
  }

  private Optional<TableContent> members(Source source, Source next) {
    boolean moved = !next.dispatch().equals(source.dispatch());
    return PolicyTable.members(
        source.policy(),
        next.policy(),
        next.memory(),
        next.generation(),
        table.policy(),
        next.dispatch(),
        moved,
        renderings);
  }

  private TableContent anew(Source next) {
    return PolicyTable.of(
        table.policy().table(),
        next.policy(),
        next.memory(),
        options,
        next.generation(),
        table.policy(),
        renderings);
  }

  /// Whether every chain stays what it is.
  @SuppressWarnings("ReferenceEquality") // the engine publishes groups anew only after a change
  private static boolean differsInMembersOnly(Source before, Source next) {
    Dispatch was = before.dispatch();
    Dispatch now = next.dispatch();
    return before.policy().groups() == next.policy().groups()
        && (was.equals(now)
            || (was.families().equals(now.families()) && was.groups().equals(now.groups())));
  }

  @SuppressWarnings("ReferenceEquality") // the shortcut; what is equal comes to the same anyway
  private static boolean sameGuards(Source before, Source after) {
    return before.policy().pods() == after.policy().pods()
        && before.wires() == after.wires()
        && before.unavailable().equals(after.unavailable());
  }
}
