package dev.ringfence.core.manifest;

/// The text of one document cannot be read any further; the documents after it can.
final class TextError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  TextError(int line, int column, String message) {
    super(message, null, false, false);
    this.line = line;
    this.column = column;
  }

  int line() {
    return line;
  }

  int column() {
    return column;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
