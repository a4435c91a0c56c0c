package dev.ringfence.core.manifest;

/// What one object may cost to read; past it the text is refused with one clear error, so that a
/// hostile file costs bounded memory and time.
final class Budget {
  static final int DEEPEST = 100;
  static final int MOST_NODES = 500_000;
  static final int MOST_ALIASES = 1_000;
  static final int LONGEST_KEY = 1_024;

  private long nodes;
  private int aliases;

  long nodes() {
    return nodes;
  }

  void renew() {
    nodes = 0;
    aliases = 0;
  }

  /// @param count as many nodes as an alias stands for, or one
  void spend(long count, int line, int column) {
    nodes += count;
    if (nodes > MOST_NODES) {
      throw new TextError(line, column, "more than " + MOST_NODES + " values in one object");
    }
  }

  void spendAlias(int line, int column) {
    if (++aliases > MOST_ALIASES) {
      throw new TextError(line, column, "more than " + MOST_ALIASES + " aliases in one object");
    }
  }

  static void checkDepth(int depth, int line, int column) {
    if (depth > DEEPEST) {
      throw new TextError(line, column, "nested deeper than " + DEEPEST + " levels");
    }
  }

  static void checkKey(String key, int line, int column) {
    if (key.length() > LONGEST_KEY) {
      throw new TextError(line, column, "a key longer than " + LONGEST_KEY + " characters");
    }
  }
}
