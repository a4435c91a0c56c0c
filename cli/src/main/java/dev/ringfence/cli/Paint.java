package dev.ringfence.cli;

/// How text is coloured: with the terminal's escape codes, or not at all.
enum Paint {
  NONE,
  ANSI;

  String green(String text) {
    return with("32", text);
  }

  String red(String text) {
    return with("31", text);
  }

  String yellow(String text) {
    return with("33", text);
  }

  String dim(String text) {
    return with("2", text);
  }

  String bold(String text) {
    return with("1", text);
  }

  /// Swaps text and ground: what has just changed.
  String inverse(String text) {
    return with("7", text);
  }

  private String with(String code, String text) {
    return this == NONE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
