package dev.ringfence.lab.control;

import dev.ringfence.lab.scenario.ScenarioException;
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
    return failed instanceof LabException || failed instanceof ScenarioException
        ? String.valueOf(failed.getMessage())
        : failed.toString();
  }
}
