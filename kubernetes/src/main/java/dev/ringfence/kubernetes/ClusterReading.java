package dev.ringfence.kubernetes;

import dev.ringfence.core.cluster.EndpointSlice;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Places;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.Reason;
import dev.ringfence.core.manifest.Severity;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A cluster as it is now, for those who ask once.
public final class ClusterReading {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final List<Namespace> namespaces = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final List<NetworkPolicy> policies = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final SortedMap<String, Integer> read = new TreeMap<>();

  private ClusterReading() {}

  /// Lists every kind that policies can see.
  ///
  /// A list is of one moment, several lists are not: an object that comes or goes meanwhile may be
  /// missed. A policy that cannot be read is an error among the problems.
  public static Loaded of(ApiServer server) throws IOException, InterruptedException {
    ClusterReading reading = new ClusterReading();
    for (LiveKind kind : LiveKind.values()) {
      if (kind != LiveKind.ENDPOINT_SLICE) {
        reading.list(server, kind);
      }
    }
    reading.slices(server);
    return reading.loaded();
  }

  private void list(ApiServer server, LiveKind kind) throws IOException, InterruptedException {
    Listing.of(server, kind, object -> take(kind, object));
  }

  /// Who may not list them gets answers about everything but Services without selector.
  private void slices(ApiServer server) throws IOException, InterruptedException {
    try {
      list(server, LiveKind.ENDPOINT_SLICE);
    } catch (ApiException refused) {
      if (refused.code() != FORBIDDEN && refused.code() != NOT_FOUND) {
        throw refused;
      }
      problems.add(
          new Problem(
              Severity.WARNING,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Reason.NOT_FOUND,
              "nobody says who is behind Services without selector: " + refused.getMessage(),
              false,
              Optional.empty()));
    }
  }

  private void take(LiveKind kind, LiveObject.Read object) {
    read.merge(kind.toString(), 1, Integer::sum);
    problems.addAll(object.problems());
    object.object().ifPresent(this::take);
  }

  private void take(LiveObject object) {
    switch (object) {
      case LiveObject.OfNamespace(var namespace) -> namespaces.add(namespace);
      case LiveObject.OfNode(var node) -> nodes.add(node);
      case LiveObject.OfPod(var pod) -> pods.add(pod);
      case LiveObject.OfService(var service) -> services.add(service);
      case LiveObject.OfPolicy(var policy) -> policies.add(policy);
      case LiveObject.OfSlice(var slice) -> slices.add(slice);
    }
  }

  private Loaded loaded() {
    return new Loaded(
        new Snapshot(namespaces, nodes, pods, services, slices),
        Policies.of(policies),
        List.of(),
        Optional.empty(),
        Places.none(),
        problems,
        read,
        new TreeMap<>());
  }
}
