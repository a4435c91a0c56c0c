package dev.ringfence.agent;

import dev.ringfence.kubernetes.ApiServer;
import java.util.List;

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
  record Cluster(ApiServer server) implements AgentInput {}
}
