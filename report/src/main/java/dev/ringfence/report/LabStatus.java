package dev.ringfence.report;

import java.util.List;

/// What a running lab says of itself. Between the lab's process and the command line only, so it
/// has no schema.
///
/// @param instance `lab`, unless somebody named it otherwise
/// @param pid of the lab's process
/// @param paths the manifests as typed
/// @param network how pods hang on their nodes: `routed` or `bridge`
/// @param policies how many are in force
public record LabStatus(
    String instance,
    long pid,
    String startedAt,
    List<String> paths,
    String network,
    int policies,
    List<NodeStatus> nodes,
    List<EndStatus> ends,
    List<ServiceStatus> services,
    List<String> notProbed) {
  public LabStatus {
    paths = List.copyOf(paths);
    nodes = List.copyOf(nodes);
    ends = List.copyOf(ends);
    services = List.copyOf(services);
    notProbed = List.copyOf(notProbed);
  }

  /// One node.
  ///
  /// @param namespace its network namespace
  /// @param generation of its table; 0 where nothing is enforced
  /// @param unguarded pods whose wire was not found
  public record NodeStatus(
      String name,
      String namespace,
      List<String> addresses,
      List<String> podCidrs,
      int pods,
      long generation,
      int unguarded) {
    public NodeStatus {
      addresses = List.copyOf(addresses);
      podCidrs = List.copyOf(podCidrs);
    }
  }

  /// One pod, or one host outside.
  ///
  /// @param node empty for a host outside
  /// @param ports those it declares: `8080/TCP`
  public record EndStatus(
      String id, String node, String namespace, List<String> addresses, List<String> ports) {
    public EndStatus {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }
  }

  /// One Service.
  ///
  /// @param type as in its manifest, `headless`, or `ExternalName of` and the name
  /// @param addresses its own; none for a headless one
  /// @param ports `80/TCP`
  /// @param nodePorts likewise, those of every node
  /// @param backends `shop/pod/api-1:8081`
  public record ServiceStatus(
      String id,
      String type,
      List<String> addresses,
      List<String> ports,
      List<String> nodePorts,
      List<String> backends) {
    public ServiceStatus {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
      nodePorts = List.copyOf(nodePorts);
      backends = List.copyOf(backends);
    }
  }
}
