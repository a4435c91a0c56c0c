package dev.ringfence.lab.api.registry;

import dev.ringfence.core.manifest.FieldValidation;

/// How a write is meant.
///
/// @param manager who writes, for `managedFields`
/// @param dryRun does everything but keep it
public record WriteOptions(String manager, boolean dryRun, FieldValidation validation) {
  /// For controllers.
  public static WriteOptions by(String manager) {
    return new WriteOptions(manager, false, FieldValidation.STRICT);
  }
}
