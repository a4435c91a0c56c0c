package dev.ringfence.core.cluster;

/// `status.phase`; a pod without one counts as running (S112).
public enum Phase {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  UNKNOWN;

  /// Whether a pod in this phase has given its address back (S115).
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED;
  }
}
