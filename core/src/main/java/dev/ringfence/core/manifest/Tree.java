package dev.ringfence.core.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One node of a document, immutable, with its place: absent, null, empty and spelling all stay
/// apart. Lines and columns count from 1. An alias is the very node of its anchor.
sealed interface Tree {
  int line();

  int column();

  /// An object.
  ///
  /// @param entries in the order of the text, every key once
  /// @param replaced what other entries of the same key have replaced, in the order of the text;
  ///   only of JSON, where they still count (S176)
  record Mapping(int line, int column, List<Entry> entries, List<Entry> replaced) implements Tree {
    Mapping(int line, int column, List<Entry> entries) {
      this(line, column, entries, List.of());
    }

    @Nullable Entry entry(String key) {
      for (Entry entry : entries) {
        if (entry.key().equals(key)) {
          return entry;
        }
      }
      return null;
    }

    /// The value, or null both where the key is absent and where its value is null (S20).
    @Nullable Tree get(String key) {
      Entry entry = entry(key);
      return entry == null || entry.value() instanceof Null ? null : entry.value();
    }
  }

  record Sequence(int line, int column, List<Tree> items) implements Tree {}

  /// A text, a number or a boolean.
  ///
  /// @param spelling the characters as written, quotes and escapes resolved
  /// @param value what the server reads: for `0x50` that is `80`, for `yes` it is `true`
  record Scalar(int line, int column, String spelling, Kind kind, String value) implements Tree {}

  /// Nothing: the server reads it as absent (S20).
  ///
  /// @param written false where a key or a dash has nothing after it (S186)
  record Null(int line, int column, boolean written) implements Tree {}

  /// One pair of a mapping, with the place of its key.
  ///
  /// @param merged whether it came in through `<<`
  record Entry(String key, int line, int column, Tree value, boolean merged) {}

  /// What a scalar is to the server (S185).
  enum Kind {
    STRING,
    BOOLEAN,
    INTEGER,
    /// A number with a fraction, or one that 64 bits do not hold.
    FRACTION
  }
}
