package dev.ringfence.core.compiled;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which groups of a node are told by the sets of their selectors, so that all stay within the
/// budget: none if possible, else those with most members, one after the other.
///
/// Depends on the sizes of sets alone, not on what was chosen before; sizes are rounded, so that
/// one pod more or less seldom matters.
final class FormChoice {
  private static final int MOST_BLAMED = 3;

  private final MemberBudget budget;
  private final List<HeldGroup> groups;
  private final Weighing weighing = new Weighing();

  private FormChoice(MemberBudget budget, Collection<HeldGroup> groups) {
    this.budget = budget;
    this.groups = List.copyOf(groups);
  }

  /// @return those to have the form [Form#UNION]
  /// @throws OverBudget if nothing helps
  static Set<HeldGroup> unions(MemberBudget budget, Collection<HeldGroup> groups) {
    return new FormChoice(budget, groups).unions();
  }

  private Set<HeldGroup> unions() {
    groups.forEach(held -> weighing.add(held.counted()));
    if (weighing.rounded() <= budget.members()) {
      return Set.of();
    }
    List<HeldGroup> union = new ArrayList<>();
    int best = 0;
    long least = weighing.rounded();
    long needed = weighing.exact();
    for (HeldGroup held : largestFirst()) {
      List<GroupTable> selectors = held.selectorsCounted();
      if (selectors.isEmpty()) {
        continue;
      }
      weighing.remove(held.counted());
      selectors.forEach(weighing::add);
      union.add(held);
      if (weighing.rounded() < least) {
        best = union.size();
        least = weighing.rounded();
        needed = weighing.exact();
      }
      if (least <= budget.members()) {
        break;
      }
    }
    Set<HeldGroup> chosen = new HashSet<>(union.subList(0, best));
    if (needed > budget.members()) {
      throw new OverBudget(needed, budget, most(chosen));
    }
    return chosen;
  }

  /// By the number of binary digits, so that the order seldom changes, and then by id.
  private List<HeldGroup> largestFirst() {
    Comparator<HeldGroup> bySize =
        Comparator.comparingInt(held -> Long.numberOfLeadingZeros(Weighing.of(held.counted())));
    return groups.stream().sorted(bySize.thenComparing(held -> held.id)).toList();
  }

  private List<OverBudget.Use> most(Set<HeldGroup> chosen) {
    return groups.stream()
        .map(held -> {
          List<GroupTable> tables =
              chosen.contains(held) ? held.selectorsCounted() : List.of(held.counted());
          long members = tables.stream().mapToLong(Weighing::of).sum();
          return new OverBudget.Use(held.id, held.direction, held.policies(), members);
        })
        .sorted(
            Comparator.comparingLong(OverBudget.Use::members)
                .reversed()
                .thenComparing(OverBudget.Use::group))
        .limit(MOST_BLAMED)
        .toList();
  }
}
