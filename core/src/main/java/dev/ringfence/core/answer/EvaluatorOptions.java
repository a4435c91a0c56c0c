package dev.ringfence.core.answer;

/// Choices that upstream leaves to us and that we leave to the user.
///
/// @param allowEgressToOwnNode a pod reaches its own node whatever isolates it (S98)
/// @param allowHairpin a pod reaches itself through a Service whatever isolates it (S91)
public record EvaluatorOptions(boolean allowEgressToOwnNode, boolean allowHairpin) {
  public static final EvaluatorOptions DEFAULT = new EvaluatorOptions(false, false);
}
