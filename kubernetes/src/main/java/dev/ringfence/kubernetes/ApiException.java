package dev.ringfence.kubernetes;

import java.io.IOException;
import java.time.Duration;

/// What an API server said instead of an answer.
public final class ApiException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int BAD_REQUEST = 400;
  private static final int GONE = 410;
  private static final int TIMEOUT = 504;
  private static final int LONGEST = 500;

  private final int code;
  private final long secondsToWait;

  ApiException(int code, String request, String said) {
    this(code, request, said, 0);
  }

  /// @param secondsToWait as its `Retry-After` asks for; 0 where it asks for nothing
  ApiException(int code, String request, String said, long secondsToWait) {
    super(request + ": " + code + ": " + shortened(said));
    this.code = code;
    this.secondsToWait = secondsToWait;
  }

  /// One line, whatever a proxy in between may have sent.
  private static String shortened(String said) {
    String line = said.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " ...";
  }

  /// The HTTP status.
  public int code() {
    return code;
  }

  /// For how long it wants to be left alone.
  Duration toWait() {
    return Duration.ofSeconds(secondsToWait);
  }

  /// Whether the place to go on from is no longer known, or not yet: of a server that was set back
  /// from a copy. Only a fresh list helps.
  boolean lostPlace() {
    return code == GONE || code == TIMEOUT || code == BAD_REQUEST;
  }
}
