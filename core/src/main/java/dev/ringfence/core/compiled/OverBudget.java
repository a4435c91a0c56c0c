package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Direction;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A node's sets would have more members than it may hold. They were counted, not built.
///
/// The next question counts again, and answers once there are few enough.
public final class OverBudget extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String[] policies;
  private final long needed;
  private final long budget;

  OverBudget(long needed, MemberBudget budget, List<Use> most) {
    super(
        "the policies need %s in the sets of this node, and %s may be there; most are for %s"
            .formatted(
                count(needed),
                count(budget.members()),
                most.stream().map(Use::toString).collect(Collectors.joining("; "))));
    this.policies =
        most.stream()
            .flatMap(use -> use.policies().stream().limit(Use.MOST_NAMED))
            .distinct()
            .toArray(String[]::new);
    this.needed = needed;
    this.budget = budget.members();
  }

  /// A group of the node that needs many.
  ///
  /// @param policies ids of those that decide or isolate
  /// @param members in sets that it uses, alone or with others
  record Use(String group, Direction direction, List<String> policies, long members) {
    static final int MOST_NAMED = 3;

    @Override
    public String toString() {
      String more =
          policies.size() > MOST_NAMED ? " and " + (policies.size() - MOST_NAMED) + " more" : "";
      return "%s group %s of %s%s (%s)"
          .formatted(
              direction.name().toLowerCase(Locale.ROOT),
              group,
              policies.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
              more,
              count(members));
    }
  }

  /// Ids of those policies that need most, as far as the message names them.
  public List<String> policies() {
    return List.of(policies);
  }

  /// How many members there would be.
  public long needed() {
    return needed;
  }

  /// How many there may be.
  public long budget() {
    return budget;
  }

  private static String count(long members) {
    return String.format(Locale.ROOT, "%,d %s", members, members == 1 ? "member" : "members");
  }
}
