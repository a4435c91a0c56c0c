package dev.ringfence.core.manifest;

import java.util.Optional;

/// One thing that is wrong with the input.
///
/// @param place empty where the input as a whole is meant, or an object that no text holds
/// @param resource `networkpolicy/shop/db`; empty where the text shows no object
/// @param field the path as the API server spells it, with indices (S134)
/// @param message without the path: `Invalid value: 0: must be between 1 and 65535, inclusive`
/// @param server whether the server itself would answer this (its first failing stage, S130)
/// @param hint what was probably meant, or what to do, in our words
public record Problem(
    Severity severity,
    Optional<Place> place,
    Optional<String> resource,
    Optional<String> field,
    Reason reason,
    String message,
    boolean server,
    Optional<String> hint) {

  Problem(
      Severity severity,
      Optional<Place> place,
      Optional<String> resource,
      Optional<String> field,
      Reason reason,
      String message,
      boolean server) {
    this(severity, place, resource, field, reason, message, server, Optional.empty());
  }

  /// The same, said by us alone.
  Problem asOurs() {
    return new Problem(severity, place, resource, field, reason, message, false, hint);
  }

  /// The same of an object that no text holds.
  Problem withoutPlace() {
    return new Problem(severity, Optional.empty(), resource, field, reason, message, server, hint);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /// `file:line:column: error: resource field: message`, without the parts that are missing.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    place.ifPresent(at -> out.append(at).append(": "));
    out.append(severity).append(": ");
    resource.ifPresent(out::append);
    field.ifPresent(path -> out.append(resource.isPresent() ? " " : "").append(path));
    if (resource.isPresent() || field.isPresent()) {
      out.append(": ");
    }
    return out.append(message).toString();
  }
}
