package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every kind there is.
public final class Kinds {
  private static final Set<String> STATUS = Set.of("status");
  private static final Set<String> SCALED = Set.of("status", "scale");
  private static final List<String> ALL_OF_THEM = List.of("all");

  public static final ResourceKind NAMESPACE =
      core("Namespace", "namespaces", List.of("ns"), false, STATUS, List.of());
  public static final ResourceKind NODE =
      core("Node", "nodes", List.of("no"), false, STATUS, List.of());
  public static final ResourceKind POD =
      core("Pod", "pods", List.of("po"), true, STATUS, ALL_OF_THEM);
  public static final ResourceKind SERVICE =
      core("Service", "services", List.of("svc"), true, STATUS, ALL_OF_THEM);
  public static final ResourceKind SERVICE_ACCOUNT =
      core("ServiceAccount", "serviceaccounts", List.of("sa"), true, Set.of(), List.of());
  public static final ResourceKind EVENT =
      core("Event", "events", List.of("ev"), true, Set.of(), List.of());
  public static final ResourceKind DEPLOYMENT = apps("Deployment", "deployments", "deploy", SCALED);
  public static final ResourceKind REPLICA_SET = apps("ReplicaSet", "replicasets", "rs", SCALED);
  public static final ResourceKind STATEFUL_SET =
      apps("StatefulSet", "statefulsets", "sts", SCALED);
  public static final ResourceKind DAEMON_SET = apps("DaemonSet", "daemonsets", "ds", STATUS);
  public static final ResourceKind NETWORK_POLICY =
      of("networking.k8s.io", "NetworkPolicy", "networkpolicies", List.of("netpol"));
  public static final ResourceKind ENDPOINT_SLICE =
      of("discovery.k8s.io", "EndpointSlice", "endpointslices", List.of());
  public static final ResourceKind LEASE = of("coordination.k8s.io", "Lease", "leases", List.of());

  /// In the order in which discovery lists them.
  public static final List<ResourceKind> ALL =
      List.of(
          EVENT,
          NAMESPACE,
          NODE,
          POD,
          SERVICE_ACCOUNT,
          SERVICE,
          DAEMON_SET,
          DEPLOYMENT,
          REPLICA_SET,
          STATEFUL_SET,
          NETWORK_POLICY,
          ENDPOINT_SLICE,
          LEASE);

  private Kinds() {}

  /// The kind at an address.
  ///
  /// @param plural as in the address
  public static Optional<ResourceKind> find(String group, String version, String plural) {
    return ALL.stream()
        .filter(kind ->
            kind.group().equals(group)
                && kind.version().equals(version)
                && kind.plural().equals(plural))
        .findFirst();
  }

  private static ResourceKind core(
      String kind,
      String plural,
      List<String> shortNames,
      boolean namespaced,
      Set<String> subresources,
      List<String> categories) {
    return new ResourceKind(
        "", "v1", kind, plural, shortNames, namespaced, subresources, categories);
  }

  private static ResourceKind apps(
      String kind, String plural, String shortName, Set<String> subresources) {
    return new ResourceKind(
        "apps", "v1", kind, plural, List.of(shortName), true, subresources, ALL_OF_THEM);
  }

  private static ResourceKind of(
      String group, String kind, String plural, List<String> shortNames) {
    return new ResourceKind(group, "v1", kind, plural, shortNames, true, Set.of(), List.of());
  }
}
