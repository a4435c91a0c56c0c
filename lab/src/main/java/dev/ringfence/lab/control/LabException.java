package dev.ringfence.lab.control;

import dev.ringfence.lab.scenario.ScenarioException;
import java.io.IOException;
import java.io.Serial;

/// The lab could not do what was asked; the message is for the person who asked.
public final class LabException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What a person is told of any failure.
  static String words(Exception failed) {
    return switch (failed) {
      case LabException ours -> String.valueOf(ours.getMessage());
      case ScenarioException impossible -> String.valueOf(impossible.getMessage());
      case IOException refused when refused.getMessage() != null -> refused.getMessage().strip();
      default -> failed.toString();
    };
  }
}
