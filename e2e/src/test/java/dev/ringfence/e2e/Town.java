package dev.ringfence.e2e;

import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Policies;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.nftables.table.DataplaneOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A small cluster of namespaces whose nodes are programmed with what the policies come to.
///
/// Pods are `a`, `b`, … of the namespace `shop`, each labelled `app: NAME`.
public final class Town implements AutoCloseable {
  private final Instance instance;
  private final Scenario scenario;
  private final DataplaneOptions options;
  private final Map<String, EnforcedNode> nodes = new TreeMap<>();

  private Town(Instance instance, Scenario scenario, DataplaneOptions options) {
    this.instance = instance;
    this.scenario = scenario;
    this.options = options;
  }

  /// How the namespaces of a scenario are wired.
  public interface Wiring {
    void build(Instance instance, Scenario scenario) throws Exception;
  }

  /// Pods behind veths and host routes, as in the lab.
  ///
  /// @param pods `NAME@NODE` each
  static Town routed(DataplaneOptions options, String... pods) throws Exception {
    return of(scenario(pods), options, (at, scenario) -> new Topology(at).build(scenario));
  }

  /// As the scenario says.
  public static Town of(Scenario scenario, DataplaneOptions options, Wiring wiring)
      throws Exception {
    Town town = new Town(Spaces.fresh(), scenario, options);
    try {
      wiring.build(town.instance, scenario);
      for (String node : scenario.snapshot().nodes().keySet()) {
        town.nodes.put(node, EnforcedNode.in(town.node(node), options));
      }
      return town;
    } catch (Exception failed) {
      town.close();
      throw failed;
    }
  }

  static Scenario scenario(String... pods) {
    StringBuilder manifests = new StringBuilder();
    for (String pod : pods) {
      String[] parts = pod.split("@", 2);
      manifests.append(
          """
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
          spec: {nodeName: %2$s, containers: [{name: main, image: main}]}
          """
              .formatted(parts[0], parts[1]));
    }
    Loaded loaded = read(manifests.toString());
    return Scenario.of(loaded.snapshot(), Policies.NONE, List.of(), 1, Assigned.NOTHING);
  }

  static Loaded read(String manifests) {
    Loaded loaded =
        Manifests.read(List.of(SourceText.of("test.yaml", manifests)), Admission.WRITTEN);
    if (loaded.refused()) {
      throw new IllegalArgumentException(
          String.join("\n", loaded.problems().stream().map(Problem::toString).toList()));
    }
    return loaded;
  }

  public Scenario scenario() {
    return scenario;
  }

  public Instance instance() {
    return instance;
  }

  public Space pod(String name) {
    return new Space(instance.pod(end(name).pod()));
  }

  public Space node(String name) {
    return new Space(instance.node(name));
  }

  public Space outside() {
    return new Space(instance.outside());
  }

  EnforcedNode enforced(String node) {
    EnforcedNode found = nodes.get(node);
    if (found == null) {
      throw new IllegalArgumentException("no node " + node);
    }
    return found;
  }

  Address address(String pod, Family family) {
    return end(pod).address(family).orElseThrow();
  }

  private End.OfPod end(String pod) {
    return scenario.pods().stream()
        .filter(end -> end.pod().name().name().equals(pod))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no pod " + pod));
  }

  /// Enforces these policies on every node, with a guard on every wire.
  void enforce(String policies) throws Exception {
    enforce(read(policies).policies(), true);
  }

  /// As [#enforce], but nobody knows the wires, so none is guarded.
  void enforceUnguarded(String policies) throws Exception {
    enforce(read(policies).policies(), false);
  }

  private void enforce(Policies policies, boolean guarded) throws Exception {
    enforce(compile(policies), guarded);
  }

  /// Enforces what the policies come to on every node.
  ///
  /// @param guarded whether the wires are known, and so guarded
  public void enforce(CompiledPolicy compiled, boolean guarded) throws Exception {
    for (Map.Entry<String, EnforcedNode> node : nodes.entrySet()) {
      Applied applied =
          node.getValue().apply(compiled.forNode(node.getKey()), compiled.owners(), guarded);
      if (guarded && applied.unguarded() > 0) {
        throw new IllegalStateException(node.getKey() + " has pods without a guard");
      }
    }
  }

  CompiledPolicy compile(String policies) {
    return compile(read(policies).policies());
  }

  private CompiledPolicy compile(Policies policies) {
    return new PolicyEngine().watchingOwners().apply(Changes.from(policies, scenario.snapshot()));
  }

  /// Ends whoever programs the nodes; others find what they left.
  void restart() throws Exception {
    for (String node : scenario.snapshot().nodes().keySet()) {
      enforced(node).close();
      nodes.put(node, EnforcedNode.in(node(node), options));
    }
  }

  /// Takes every table away.
  public void enforceNothing() throws Exception {
    for (EnforcedNode node : nodes.values()) {
      node.remove();
    }
  }

  @Override
  public void close() throws IOException {
    nodes.values().forEach(EnforcedNode::close);
    Leftovers.clear(instance);
  }
}
