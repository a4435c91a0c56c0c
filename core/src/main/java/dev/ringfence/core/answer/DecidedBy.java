package dev.ringfence.core.answer;

/// Which side denied; egress is named first where both did (section 4.3).
public enum DecidedBy {
  EGRESS,
  INGRESS,
  NONE
}
