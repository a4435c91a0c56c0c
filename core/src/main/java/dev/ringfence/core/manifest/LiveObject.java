package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.EndpointSlice;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import java.util.List;
import java.util.Optional;

/// An object as a running cluster has it, as far as policies can see it.
public sealed interface LiveObject {
  record OfNamespace(Namespace namespace) implements LiveObject {}

  record OfNode(Node node) implements LiveObject {}

  record OfPod(Pod pod) implements LiveObject {}

  record OfService(Service service) implements LiveObject {}

  record OfSlice(EndpointSlice slice) implements LiveObject {}

  record OfPolicy(NetworkPolicy policy) implements LiveObject {}

  /// What was read of one object.
  ///
  /// @param name its namespace is empty for kinds that live in none
  /// @param resourceVersion as the server gave it, or empty
  /// @param object empty where its subject or its types cannot be read: the last good version stays
  ///   (S30)
  /// @param problems without a place; errors are what cannot be enforced as it is written
  record Read(
      ObjectName name,
      String uid,
      String resourceVersion,
      Optional<LiveObject> object,
      List<Problem> problems) {
    public Read {
      problems = List.copyOf(problems);
    }
  }
}
