package dev.ringfence.core.manifest;

/// How manifests are read: which question is put to which server.
///
/// @param admission new objects, or ones that a server already holds
/// @param before what the server holds now; an object of it is changed, any other is new
/// @param posted whether the very text would be sent: then it matters, too, what a server refuses
///   in a request and never stores (S181)
public record Reading(
    Admission admission,
    Release release,
    FieldValidation validation,
    Before before,
    boolean posted) {

  /// As the newest server reads, for those who want to know what the objects mean.
  public static Reading of(Admission admission) {
    return new Reading(admission, Release.NEWEST, FieldValidation.STRICT, Before.NOTHING, false);
  }
}
