package dev.ringfence.core.manifest;

/// What kind of mistake, in the API server's words where it has one (S132, S217).
public enum Reason {
  /// The text or the types in it are wrong (S135 to S140), or a budget is used up.
  BAD_REQUEST("BadRequest"),
  REQUIRED("FieldValueRequired"),
  INVALID("FieldValueInvalid"),
  NOT_SUPPORTED("FieldValueNotSupported"),
  FORBIDDEN("FieldValueForbidden"),
  TOO_LONG("FieldValueTooLong"),
  /// An update of an object that is another one, or has changed meanwhile.
  CONFLICT("Conflict"),
  /// What the server refuses when everything else is right.
  INTERNAL_ERROR("InternalError"),
  /// The same kind, namespace and name twice (L56).
  ALREADY_EXISTS("AlreadyExists"),
  /// Something is used that the input does not define (S28).
  NOT_FOUND("NotFound"),
  /// A kind we count and do not read.
  SKIPPED("Skipped");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
