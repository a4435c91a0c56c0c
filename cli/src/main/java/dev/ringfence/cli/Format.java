package dev.ringfence.cli;

import org.jspecify.annotations.Nullable;

/// `-o`: prose for a person, or the one JSON document.
enum Format {
  TEXT,
  JSON;

  /// The format that was asked for.
  ///
  /// @param text as typed; null where it was not
  /// @param lines whether the command answers in JSON lines, which `jsonl` also says
  static Format of(@Nullable String text, boolean lines) {
    if (text == null) {
      return TEXT;
    }
    return switch (lines ? "batch " + text : text) {
      case "text" -> TEXT;
      case "json", "batch jsonl" -> JSON;
      default -> throw new Failure("-o " + text + ": say " + (lines ? "jsonl" : "text or json"));
    };
  }
}
