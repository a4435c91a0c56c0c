package dev.ringfence.agent;

/// Takes what a person may want to know. Never holds a secret: it says names, places and numbers.
@FunctionalInterface
public interface AgentLog {
  /// How much it matters.
  enum Level {
    INFO,
    WARNING,
    ERROR
  }

  /// From any thread.
  ///
  /// @param event what kind of thing it is, in one word, for programs
  /// @param message one line
  void say(Level level, String event, String message);
}
