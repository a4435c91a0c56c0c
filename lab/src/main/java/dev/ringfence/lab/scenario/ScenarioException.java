package dev.ringfence.lab.scenario;

import java.io.Serial;

/// The manifests ask for a cluster that cannot be laid out; the message says which part, for the
/// person who wrote them.
public final class ScenarioException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public ScenarioException(String message) {
    super(message);
  }
}
