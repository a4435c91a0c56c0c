package dev.ringfence.core.answer;

/// The answer to one flow: both sides are always computed (S12).
public record Decision(
    boolean allowed, Certainty certainty, DecidedBy decidedBy, Side egress, Side ingress) {
  /// Both sides together: whoever denies first decides.
  public static Decision of(Side egress, Side ingress, Certainty certainty) {
    DecidedBy by =
        !egress.allowed()
            ? DecidedBy.EGRESS
            : !ingress.allowed() ? DecidedBy.INGRESS : DecidedBy.NONE;
    return new Decision(by == DecidedBy.NONE, certainty, by, egress, ingress);
  }
}
