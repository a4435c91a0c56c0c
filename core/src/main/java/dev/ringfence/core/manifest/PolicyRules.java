package dev.ringfence.core.manifest;

import java.util.Optional;

/// What one NetworkPolicy is held to: the reading, and the object that it replaces.
record PolicyRules(Reading reading, Optional<Before.Old> old) {
  Release release() {
    return reading.release();
  }

  /// Whether an old server has let it in, so that most mistakes are no longer refused (S30, S40).
  boolean stored() {
    return reading.admission() == Admission.STORED;
  }

  boolean strictCidrs() {
    return !stored() && release().strictCidrs();
  }

  /// Whether the old object has this very text as a CIDR anywhere (S170).
  boolean exempt(String cidr) {
    return old.isPresent() && old.get().cidrs().contains(cidr);
  }

  /// Whether values in `matchExpressions` are checked: no longer once the old subject was wrong
  /// (S150).
  boolean checksValues() {
    return old.isEmpty() || !old.get().brokenSubject();
  }
}
