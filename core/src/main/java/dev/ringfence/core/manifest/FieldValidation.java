package dev.ringfence.core.manifest;

/// What the server does about unknown and repeated fields (S135 to S137, S176, S178).
public enum FieldValidation {
  /// It refuses the object; kubectl asks for this.
  STRICT,
  /// It warns and goes on without them; what clients get that do not ask.
  WARN,
  /// It goes on without them.
  IGNORE
}
