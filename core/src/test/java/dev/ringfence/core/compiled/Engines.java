package dev.ringfence.core.compiled;

/// Engines for tests of other packages.
public final class Engines {
  private Engines() {}

  /// One that hardly remembers kinds of pods that are gone, so that forgetting is put to the test.
  public static PolicyEngine forgetful() {
    return new PolicyEngine(MemberBudget.UNLIMITED, 0);
  }
}
