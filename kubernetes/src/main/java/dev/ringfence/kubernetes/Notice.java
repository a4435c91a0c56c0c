package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.model.ObjectName;
import java.util.List;

/// An object that cannot be enforced as it is written.
///
/// @param problems empty once it can, or is gone
/// @param inForce whether it is in force as far as it can be read; if not, its last good version
///   stays, if there was one (S30)
public record Notice(
    LiveKind kind, ObjectName name, String uid, List<Problem> problems, boolean inForce) {
  public Notice {
    problems = List.copyOf(problems);
  }
}
