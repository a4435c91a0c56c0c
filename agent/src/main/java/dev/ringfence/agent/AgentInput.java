package dev.ringfence.agent;

import dev.ringfence.kubernetes.ApiServer;
import java.util.List;
import java.util.Optional;

/// What an agent follows.
public sealed interface AgentInput {
  /// Manifests.
  ///
  /// @param paths files, folders, `-`
  record Files(List<String> paths) implements AgentInput {
    public Files {
      paths = List.copyOf(paths);
    }
  }

  /// A running cluster.
  ///
  /// @param server closed when the agent ends
  /// @param leases namespace of the Lease in which the agent says how it stands; empty to say
  ///   nothing
  record Cluster(ApiServer server, Optional<String> leases) implements AgentInput {}
}
