package dev.ringfence.core.manifest;

/// How strictly a NetworkPolicy is read.
public enum Admission {
  /// As the newest API server judges a new object.
  WRITTEN,
  /// As an object that an old server let in: sloppy CIDRs are read, a peer or port that cannot be
  /// read matches nothing, only an unreadable subject is refused (S30, S40).
  STORED
}
