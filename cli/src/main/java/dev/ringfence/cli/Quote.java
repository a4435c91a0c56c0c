package dev.ringfence.cli;

import java.util.Arrays;

/// One line of a file, cut to what can be read, and where in it something is wrong.
///
/// @param text without characters that a terminal would obey; a tab is one blank
/// @param column of the caret below it, from 0
record Quote(String text, int column) {
  private static final int LONGEST = 120;
  private static final int BEFORE = 60;
  private static final String CUT = "...";

  /// @param line its characters, without its end
  /// @param column where the mistake is, in characters, counting from 1
  static Quote of(int[] line, int column) {
    int at = Math.clamp(column - 1, 0, line.length);
    int from =
        line.length <= LONGEST ? 0 : Math.max(0, Math.min(at - BEFORE, line.length - LONGEST));
    int to = Math.min(line.length, from + LONGEST);
    int[] shown = Arrays.copyOfRange(line, from, to);
    Arrays.setAll(shown, i -> harmless(shown[i]));
    String before = from == 0 ? "" : CUT;
    String after = to == line.length ? "" : CUT;
    String middle = new String(shown, 0, shown.length).stripTrailing();
    return new Quote(before + middle + after, before.length() + at - from);
  }

  private static int harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\t' ? ' ' : '\uFFFD';
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '\uFFFD';
      default -> c;
    };
  }
}
