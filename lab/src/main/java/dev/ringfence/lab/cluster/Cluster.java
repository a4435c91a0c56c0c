package dev.ringfence.lab.cluster;

import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.lab.api.ApiEndpoint;
import dev.ringfence.lab.api.ApiOptions;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.Subscription;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The lab's API with everything that gives its objects an effect but the lab itself.
///
/// One thread at a time may use it; the API serves beside that.
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final List<ResourceKind> WATCHED =
      List.of(
          Kinds.NAMESPACE,
          Kinds.NODE,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.STATEFUL_SET,
          Kinds.DAEMON_SET,
          Kinds.POD,
          Kinds.SERVICE,
          Kinds.NETWORK_POLICY);

  private final ApiEndpoint api;
  private final Registry registry;
  private final Events events;
  private final Workloads workloads;
  private final AppliedManifests manifests;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final InForce inForce;
  private List<ObjectNode> rest = List.of();
  private boolean nodesAreKnown;

  private Cluster(Path folder, ApiEndpoint api, InForce inForce) {
    this.api = api;
    this.inForce = inForce;
    this.registry = api.registry();
    this.events = new Events(registry);
    this.workloads = new Workloads(registry, events);
    this.manifests =
        new AppliedManifests(folder.resolve("manifests.json"), registry, workloads.deployments());
  }

  /// Serves the API of this folder, with what it held last.
  ///
  /// @param name of the cluster in the kubeconfig
  /// @throws IOException if it cannot be served
  public static Cluster open(Path folder, String name) throws IOException {
    ApiOptions options = new ApiOptions(name, 0, ApiOptions.DEFAULT.remembered());
    InForce inForce = new InForce(PATIENCE);
    return new Cluster(folder, ApiEndpoint.start(folder, options, inForce), inForce);
  }

  /// Gives the API what is new in these manifests since it was given them last.
  ///
  /// @return what it did not take, a line each; that stays in force as it is written
  public List<String> take(List<SourceText> files) throws IOException {
    Texts texts = Texts.of(files);
    List<String> complaints = manifests.take(texts.objects(), nodesAreKnown);
    List<ObjectNode> others = new ArrayList<>(texts.rest());
    others.addAll(manifests.refused());
    rest = List.copyOf(others);
    return complaints;
  }

  /// What is wanted now.
  public Observed observe(Assigned assigned) {
    return Observed.of(registry, rest, assigned);
  }

  /// Makes objects of a scenario's nodes; from then on nodes are what the API has.
  public void nodes(Scenario scenario) {
    new Brought(registry, events).makeNodes(scenario);
    nodesAreKnown = true;
  }

  /// One step of workloads towards the pods they want; answers whether anything changed.
  public boolean step() {
    return workloads.step();
  }

  /// All steps, where nothing is in force yet.
  public void steps() {
    evict();
    while (step()) {
      // Each brings it closer: pods are made, or one is renewed.
    }
  }

  /// Deletes the pods of nodes that are gone.
  public void evict() {
    for (ObjectNode pod : registry.list(Kinds.POD)) {
      String node = Json.textAt(pod, "spec", "nodeName");
      if (!node.isEmpty() && registry.find(Kinds.NODE, "", node).isEmpty()) {
        events.trying(
            pod,
            () ->
                registry.delete(
                    Kinds.POD, Json.namespace(pod), Json.name(pod), DeleteOptions.PLAIN));
      }
    }
  }

  /// Says in the API's objects that this scenario is in force.
  public void brought(Scenario scenario) {
    Brought brought = new Brought(registry, events);
    brought.nodes(scenario);
    brought.pods(scenario);
    brought.services(scenario);
    new WorkloadStatus(registry, workloads, events).writeAll();
  }

  /// Calls back after every change, on some thread, from now on.
  public void follow(Runnable woken) {
    inForce.wakes(woken);
    for (ResourceKind kind : WATCHED) {
      subscriptions.add(registry.watch(kind, _ -> woken.run()));
    }
  }

  /// Lets go whoever waits for the effect of what was written up to a revision.
  ///
  /// @param without what of it is not in force, and why
  public void reached(long revision, Map<Key, String> without) {
    inForce.reached(revision, without);
  }

  /// As [#reached], where nothing more can be brought about.
  public void failed(String why) {
    inForce.failed(registry.store().revision(), why);
  }

  /// Says on an object, if only on the one that is to go, that it is not in force as it is wanted.
  public void complain(Key key, Observed wanted, Observed inForce, String why) {
    wanted
        .at(key)
        .or(() -> inForce.at(key))
        .ifPresent(about -> events.warn(about, "NotInForce", why));
  }

  /// What `KUBECONFIG` is to point to.
  public Path kubeconfig() {
    return api.kubeconfig();
  }

  @Override
  public void close() throws IOException {
    subscriptions.forEach(Subscription::close);
    api.close();
  }
}
