package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Policies;

/// Engines for tests of other packages.
public final class Engines {
  private Engines() {}

  /// One that hardly remembers kinds of pods that are gone, so that forgetting is put to the test.
  public static PolicyEngine forgetful() {
    return new PolicyEngine(MemberBudget.UNLIMITED, 0);
  }

  /// The same engine as [#forgetful] with a budget.
  public static PolicyEngine forgetful(MemberBudget budget) {
    return new PolicyEngine(budget, 0);
  }

  /// What a node gets within a budget as small as can be: some groups by their selectors, wherever
  /// that saves members.
  public static NodePolicy tight(Policies policies, Snapshot now, String node) {
    Changes all = Changes.from(policies, now);
    try {
      return new PolicyEngine(new MemberBudget(1)).apply(all).forNode(node);
    } catch (OverBudget refused) {
      return new PolicyEngine(new MemberBudget(refused.needed())).apply(all).forNode(node);
    }
  }
}
