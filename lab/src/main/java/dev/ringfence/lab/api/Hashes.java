package dev.ringfence.lab.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names for contents.
final class Hashes {
  private Hashes() {}

  /// As the address of a document carries it.
  static String of(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().withUpperCase().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// As `Etag` has it.
  static String tag(byte[] content) {
    return "\"" + of(content) + "\"";
  }
}
