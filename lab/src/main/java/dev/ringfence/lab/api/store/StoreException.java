package dev.ringfence.lab.api.store;

/// The store cannot do what it was asked; the message says which of these it is.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Why.
  public enum Why {
    /// Another revision of the object is there than the writer had seen.
    CONFLICT,
    /// It is there already.
    EXISTS,
    /// It is not there.
    MISSING,
    /// The revision is older than what is remembered.
    TOO_OLD,
    /// The disk, or what is on it.
    BROKEN
  }

  private final Why why;

  StoreException(Why why, String message) {
    super(message);
    this.why = why;
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
    this.why = Why.BROKEN;
  }

  /// Never null.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public Why why() {
    return why;
  }
}
