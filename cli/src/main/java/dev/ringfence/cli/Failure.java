package dev.ringfence.cli;

/// A command ends here, with one sentence for the person and exit code 2.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
