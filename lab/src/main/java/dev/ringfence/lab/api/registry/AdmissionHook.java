package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.ResourceKind;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Has a say in every write, a dry run too, before the object is validated and kept.
///
/// It runs while no other write can; it must not write itself.
@FunctionalInterface
public interface AdmissionHook {
  /// Looks at one write.
  ///
  /// @throws dev.ringfence.lab.api.objects.ApiError to refuse it
  void admit(Admission admission);

  /// What is about to happen.
  enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  /// One write.
  ///
  /// @param subresource `status`, or empty
  /// @param before as it is kept, never to be changed; empty for a creation
  /// @param object as it will be, which the hook may change; for a deletion what is deleted
  record Admission(
      Operation operation,
      ResourceKind kind,
      String subresource,
      Optional<ObjectNode> before,
      ObjectNode object) {}
}
