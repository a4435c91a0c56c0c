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

  /// A list of texts as compact JSON; null items are empty (S20).
  static String json(List<Tree> items) {
    return items.stream()
        .map(item -> json(String.valueOf(Values.itemText(item))))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /// A text as Go's JSON writer spells it; so are values of types that are no mere string, such as
  /// operators and protocols.
  static String json(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> appendJson(out, c));
    return out.append(text.length() > LONGEST ? "...\"" : "\"").toString();
  }

  private static void appendJson(StringBuilder out, int c) {
    if ("\"\\\b\f\n\r\t".indexOf(c) >= 0) {
      append(out, c);
    } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.appendCodePoint(c);
    }
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
