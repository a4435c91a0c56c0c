package dev.ringfence.cli;

/// What the process ends with, for every command.
final class ExitCodes {
  /// Allowed; nothing differs; done.
  static final int YES = 0;

  /// Denied; something differs.
  static final int NO = 1;

  /// Wrong usage, unreadable input, or it could not be done.
  static final int FAILED = 2;

  /// What was asked about is not running.
  static final int NOT_RUNNING = 3;

  private ExitCodes() {}
}
