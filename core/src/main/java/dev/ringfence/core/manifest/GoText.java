package dev.ringfence.core.manifest;

import java.util.List;
import java.util.stream.Collectors;

/// Values as the API server prints them in its messages (S174).
final class GoText {
  private static final int LONGEST = 4_096;

  private GoText() {}

  /// Go's `%q`, of a very long text its beginning.
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> append(out, c));
    return out.append(text.length() > LONGEST ? "...\"" : "\"").toString();
  }

  /// Compact JSON; null items are empty strings, as lists of strings have them (S20).
  static String json(List<Tree> items) {
    return items.stream().map(GoText::json).collect(Collectors.joining(",", "[", "]"));
  }

  private static String json(Tree tree) {
    return switch (tree) {
      case Tree.Null _ -> "\"\"";
      case Tree.Scalar scalar when scalar.kind() == Tree.Kind.STRING -> quote(scalar.value());
      case Tree.Scalar scalar -> scalar.value();
      case Tree.Sequence sequence -> json(sequence.items());
      case Tree.Mapping mapping ->
          mapping.entries().stream()
              .map(entry -> quote(entry.key()) + ":" + json(entry.value()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case 7 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 11 -> out.append("\\v");
      default -> {
        if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else if (c < 0x80) {
          out.append(String.format("\\x%02x", c));
        } else {
          out.append(String.format(c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
        }
      }
    }
  }

  /// Letters, marks, numbers, punctuation, symbols, and the ASCII blank.
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
