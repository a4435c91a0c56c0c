package dev.ringfence.agent.socket;

import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.ProofDocument;
import org.jspecify.annotations.Nullable;

/// What a running agent answers: one of the four.
///
/// @param text words for a person
/// @param failure why there is no answer
public record AgentReply(
    @Nullable AgentStatus status,
    @Nullable ProofDocument proof,
    @Nullable String text,
    @Nullable String failure) {
  public static AgentReply of(AgentStatus status) {
    return new AgentReply(status, null, null, null);
  }

  public static AgentReply of(ProofDocument proof) {
    return new AgentReply(null, proof, null, null);
  }

  public static AgentReply of(String text) {
    return new AgentReply(null, null, text, null);
  }

  public static AgentReply failed(String why) {
    return new AgentReply(null, null, null, why);
  }
}
