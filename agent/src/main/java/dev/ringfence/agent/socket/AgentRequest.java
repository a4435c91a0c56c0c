package dev.ringfence.agent.socket;

/// What is wanted of a running agent.
public record AgentRequest(String verb) {
  /// How it stands.
  public static final String STATUS = "status";

  /// A proof, now.
  public static final String PROOF = "proof";

  /// What is programmed and, beside each part, why.
  public static final String TABLE = "table";
}
