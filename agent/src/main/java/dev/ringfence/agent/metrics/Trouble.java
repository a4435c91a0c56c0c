package dev.ringfence.agent.metrics;

import java.util.Locale;

/// What can be wrong with an agent, so that a person has to look.
public enum Trouble {
  /// Something in the input is refused; the rest is in force.
  INPUT,
  /// The kernel refused a change; what it had is in force.
  KERNEL,
  /// The policies need more set members than the node may hold; what the kernel had is in force.
  BUDGET,
  /// The table could not be read back or put right.
  REPAIR,
  /// The guard of a wire could not be put there, or taken away.
  WIRES,
  /// The table does not do what the policies say, or that could not be found out.
  PROOF,
  /// Changes of the files are not noticed.
  FILES,
  /// The API server cannot be followed; what was last known of it is in force.
  CLUSTER;

  /// As documents name it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
