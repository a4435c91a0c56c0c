package dev.ringfence.core.compiled;

/// How many members the peer sets of one node may have together, both families.
public record MemberBudget(long members) {
  /// About 0.3 GiB of the kernel's memory.
  public static final MemberBudget STANDARD = new MemberBudget(2_000_000);

  /// For whoever only asks, and programs nothing.
  public static final MemberBudget UNLIMITED = new MemberBudget(Long.MAX_VALUE);

  public MemberBudget {
    if (members < 1) {
      throw new IllegalArgumentException("a budget of " + members + " members");
    }
  }

  boolean isUnlimited() {
    return members == Long.MAX_VALUE;
  }
}
